import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Address } from '../peers/peer.ts';
import { type Answer, AnswerReader } from './answer-reader.ts';

/** Node's servers close a connection that was idle for 5 s; a request sent in that moment would be lost. */
const KEEP_ALIVE_MS = 4_000;
/** All lanes are read into it: what is kept of an answer is copied. A buffer of its own for each read would be 64 kB. */
const READ_BUFFER = Buffer.allocUnsafeSlow(262_144);

/** One kept-alive connection with one request in flight: answered, and its messages received by all they are for. */
export class Lane {
  /** The answer, and the messages that somebody has not yet received. */
  pending = 0;
  /** When the request was sent, or was due. */
  sentAt = 0;
  readonly #address: Address;
  readonly #answered: (lane: Lane, answer: Answer, now: number) => void;
  readonly #lost: (error: Error) => void;
  readonly #reader = new AnswerReader();
  #socket: Socket;
  #isAnswered = true;
  #answeredAt = performance.now();

  constructor(
    address: Address,
    answered: (lane: Lane, answer: Answer, now: number) => void,
    lost: (error: Error) => void,
  ) {
    this.#address = address;
    this.#answered = answered;
    this.#lost = lost;
    this.#socket = this.#connect();
  }

  async connected(): Promise<void> {
    if (this.#socket.connecting) await once(this.#socket, 'connect');
  }

  /** After a long wait for its messages to arrive everywhere, it goes on with a new connection. */
  renewIfOld(now: number): void {
    if (!this.#socket.destroyed && now - this.#answeredAt <= KEEP_ALIVE_MS) return;
    const old = this.#socket;
    this.#socket = this.#connect();
    old.destroy();
  }

  send(request: string): void {
    this.#isAnswered = false;
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#isAnswered = true;
    this.#socket.destroy();
  }

  #connect(): Socket {
    const read = (length: number) => {
      this.#read(READ_BUFFER.subarray(0, length));
      return true;
    };
    const socket = connect({ ...this.#address, noDelay: true, onread: { buffer: READ_BUFFER, callback: read } });
    const lost = (error: Error) => {
      if (this.#socket === socket && !this.#isAnswered) this.#lost(error);
    };
    socket.on('error', lost);
    socket.on('close', () => lost(new Error('The server closed a connection instead of answering.')));
    return socket;
  }

  #read(piece: Buffer): void {
    const answer = this.#reader.read(piece);
    if (answer === null) return;
    this.#isAnswered = true;
    this.#answeredAt = performance.now();
    this.#answered(this, answer, this.#answeredAt);
  }
}
