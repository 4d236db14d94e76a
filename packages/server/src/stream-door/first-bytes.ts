import type { Socket } from 'node:net';
import { readStreamHead, type StreamHead } from './stream-head.ts';

/** What becomes of a connection once it is known what it begins with. It is paused, and nobody listens to it. */
export interface Turn {
  stream(socket: Socket, head: StreamHead, bytes: Buffer): void;
  other(socket: Socket, bytes: Buffer | null): void;
  /** The client has said half a request and that it says no more. */
  cutShort(socket: Socket): void;
}

/** A head that comes in more pieces is Node's: to look at each again and again would cost more than it spares. */
const MOST_PIECES = 4;

/** Reads the beginning of one connection. */
export class FirstBytes {
  /** Times that somebody looked whether it is still waited for. */
  looks = 0;
  readonly #socket: Socket;
  readonly #turn: Turn;
  readonly #over: () => void;
  #pieces: Buffer[] = [];

  /** @param over called once, when it is not waited for any more. */
  constructor(socket: Socket, turn: Turn, over: () => void) {
    this.#socket = socket;
    this.#turn = turn;
    this.#over = over;
    socket.on('error', ignore);
    socket.on('close', this.#over);
    socket.on('end', this.#end);
    socket.on('data', this.#read);
  }

  /** It takes too long, or all is to end: what has come is Node's, which has limits for what is slow. */
  handOn(): void {
    const bytes = this.#settle();
    this.#turn.other(this.#socket, bytes);
  }

  #read = (piece: Buffer): void => {
    this.#pieces.push(piece);
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    const head = readStreamHead(bytes);
    if (head === 'unfinished' && this.#pieces.length < MOST_PIECES) return;
    this.#settle();
    if (typeof head === 'string') this.#turn.other(this.#socket, bytes);
    else this.#turn.stream(this.#socket, head, bytes);
  };

  #end = (): void => {
    if (this.#settle() === null) this.#socket.end();
    else this.#turn.cutShort(this.#socket);
  };

  #settle(): Buffer | null {
    const socket = this.#socket;
    socket.pause();
    socket.off('data', this.#read);
    socket.off('end', this.#end);
    socket.off('close', this.#over);
    this.#over();
    return this.#pieces.length === 0 ? null : Buffer.concat(this.#pieces);
  }
}

/** `close` follows. A connection that nobody listens to for errors would end the process. */
export function ignore(): void {}
