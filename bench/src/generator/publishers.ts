import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Address } from '../peers/peer.ts';
import { type Answer, AnswerReader } from './answer-reader.ts';
import { Histogram } from './histogram.ts';
import type { Ledger } from './ledger.ts';

/** Numbers a message for a subscriber (or all), as part of the request that is being written. */
export type Open = (target: number | 'all') => number;
/** Writes the next request. */
export type Compose = (open: Open) => string;

/** Node's servers close a connection that was idle for 5 s; a request sent in that moment would be lost. */
const KEEP_ALIVE_MS = 4_000;

/** One kept-alive connection with one request in flight: answered, and its messages received by all they are for. */
interface Lane {
  socket: Socket;
  reader: AnswerReader;
  pending: number;
  isAnswered: boolean;
  sentAt: number;
  answeredAt: number;
}

/** Publishes as fast as the rule allows: so many in flight, never more. */
export class Publishers {
  /** Requests answered with success. */
  answered = 0;
  /** From before a request was sent to its answer. */
  answerTimes = new Histogram();
  readonly #ledger: Ledger;
  readonly #compose: Compose;
  readonly #lanes: Lane[] = [];
  readonly #address: Address;
  #running = false;
  #idle: (() => void) | null = null;
  #fail: (error: Error) => void = () => {};
  /** Rejects at the first answer that is no success. */
  readonly failed: Promise<never>;

  constructor(address: Address, ledger: Ledger, compose: Compose) {
    this.#address = address;
    this.#ledger = ledger;
    this.#compose = compose;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(inFlight: number): Promise<void> {
    for (let at = 0; at < inFlight; at += 1) {
      const reader = new AnswerReader();
      const socket = this.#connect();
      this.#lanes.push({ socket, reader, pending: 0, isAnswered: true, sentAt: 0, answeredAt: performance.now() });
      await Promise.race([once(socket, 'connect'), this.failed]);
    }
    for (const lane of this.#lanes) this.#listen(lane);
  }

  start(): void {
    this.#running = true;
    for (const lane of this.#lanes) this.#next(lane);
  }

  /** Sends no more. Resolves when nothing is in flight, or after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#running = false;
    if (this.#lanes.every((lane) => lane.pending === 0)) return;
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([idle, this.failed]).finally(() => clearTimeout(timer));
  }

  close(): void {
    for (const lane of this.#lanes) {
      lane.isAnswered = true;
      lane.socket.destroy();
    }
  }

  #connect(): Socket {
    return connect({ ...this.#address, noDelay: true });
  }

  #listen(lane: Lane): void {
    const { socket } = lane;
    const lost = (error: Error) => {
      if (lane.socket === socket && !lane.isAnswered) this.#fail(error);
    };
    socket.on('data', (piece) => this.#read(lane, piece));
    socket.on('error', lost);
    socket.on('close', () => lost(new Error('The server closed a connection instead of answering.')));
  }

  /** After a long wait for its messages to arrive everywhere, a lane goes on with a new connection. */
  #renew(lane: Lane): void {
    const { socket } = lane;
    lane.socket = this.#connect();
    socket.destroy();
    this.#listen(lane);
  }

  #next(lane: Lane): void {
    const now = performance.now();
    if (lane.socket.destroyed || now - lane.answeredAt > KEEP_ALIVE_MS) this.#renew(lane);
    lane.isAnswered = false;
    lane.sentAt = now;
    lane.pending = 1;
    const settled = () => this.#settle(lane);
    const request = this.#compose((target) => {
      lane.pending += 1;
      return this.#ledger.open(target, now, settled);
    });
    lane.socket.write(request, 'latin1');
  }

  #read(lane: Lane, piece: Buffer): void {
    const answer = lane.reader.read(piece);
    if (answer === null) return;
    if (!isSuccess(answer)) {
      this.#fail(new Error(`A publish was refused: ${answer.beginning}`));
      return;
    }
    lane.isAnswered = true;
    lane.answeredAt = performance.now();
    this.answered += 1;
    this.answerTimes.record((lane.answeredAt - lane.sentAt) * 1_000);
    this.#settle(lane);
  }

  #settle(lane: Lane): void {
    lane.pending -= 1;
    if (lane.pending > 0) return;
    if (this.#running) this.#next(lane);
    else if (this.#lanes.every(({ pending }) => pending === 0)) this.#idle?.();
  }
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
