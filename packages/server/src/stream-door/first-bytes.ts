import type { Socket } from 'node:net';
import { type Holder, hold, letGo } from './held-connection.ts';
import { readStreamHead, type StreamHead } from './stream-head.ts';

/** What becomes of a connection once it is known what it begins with. */
export interface Turn {
  /** It still comes to whom it is held by. */
  stream(socket: Socket, head: StreamHead, bytes: Buffer): void;
  /** It is paused, and nobody listens to it. */
  other(socket: Socket, bytes: Buffer | null): void;
  /** The same. The client has said half a request and that it says no more. */
  cutShort(socket: Socket): void;
}

/** A head that comes in more pieces is Node's: to look at each again and again would cost more than it spares. */
const MOST_PIECES = 4;

/** Reads the beginning of one connection. */
export class FirstBytes implements Holder {
  readonly #turn: Turn;
  /** Null when it is not waited for any more. */
  #socket: Socket | null;
  #bytes: Buffer | null = null;
  #pieces = 0;

  constructor(socket: Socket, turn: Turn) {
    this.#socket = socket;
    this.#turn = turn;
    hold(socket, this);
  }

  get isWaiting(): boolean {
    return this.#socket !== null;
  }

  /** It takes too long, or all is to end: what has come is Node's, which has limits for what is slow. */
  handOn(): void {
    const socket = this.#socket;
    if (socket === null) return;
    const bytes = this.#settle();
    letGo(socket);
    this.#turn.other(socket, bytes);
  }

  data(socket: Socket, piece: Buffer): void {
    this.#pieces += 1;
    const bytes = this.#bytes === null ? piece : Buffer.concat([this.#bytes, piece]);
    this.#bytes = bytes;
    const head = readStreamHead(bytes);
    if (head === 'unfinished' && this.#pieces < MOST_PIECES) return;
    this.#settle();
    if (typeof head === 'string') {
      letGo(socket);
      this.#turn.other(socket, bytes);
    } else this.#turn.stream(socket, head, bytes);
  }

  end(socket: Socket): void {
    const bytes = this.#settle();
    if (bytes === null) {
      socket.end();
      return;
    }
    letGo(socket);
    this.#turn.cutShort(socket);
  }

  closed(): void {
    this.#settle();
  }

  #settle(): Buffer | null {
    const bytes = this.#bytes;
    this.#socket = null;
    this.#bytes = null;
    return bytes;
  }
}
