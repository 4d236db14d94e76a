import type { Socket } from 'node:net';

/** Whom the events of a connection go to. */
export interface Holder {
  data(socket: Socket, piece: Buffer): void;
  /** The client says that it says no more. */
  end(socket: Socket): void;
  closed(): void;
}

const HOLDER = Symbol('holder');

type Held = Socket & { [HOLDER]?: Holder | undefined };

/**
 * From now on its events go to this one. The listeners are the same for all connections and for all that becomes of one:
 * to add and remove them costs as much as to read a request, and a function for each of tens of thousands takes memory.
 */
export function hold(socket: Socket, holder: Holder): void {
  const isNew = (socket as Held)[HOLDER] === undefined;
  (socket as Held)[HOLDER] = holder;
  if (!isNew) return;
  socket.on('error', ignore);
  socket.on('close', closed);
  socket.on('end', end);
  socket.on('data', data);
}

/** It is paused, and goes to nobody any more. */
export function letGo(socket: Socket): void {
  (socket as Held)[HOLDER] = undefined;
  socket.pause();
  socket.off('data', data);
  socket.off('end', end);
  socket.off('close', closed);
}

/** `close` follows. A connection that nobody listens to for errors would end the process: it stays until somebody does. */
export function ignore(): void {}

function closed(this: Held): void {
  this[HOLDER]?.closed();
}

function end(this: Held): void {
  this[HOLDER]?.end(this);
}

function data(this: Held, piece: Buffer): void {
  this[HOLDER]?.data(this, piece);
}
