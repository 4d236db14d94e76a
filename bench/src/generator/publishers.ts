import { connect, type Socket } from 'node:net';
import type { Address } from '../peers/peer.ts';
import { type Answer, AnswerReader } from './answer-reader.ts';
import { Histogram } from './histogram.ts';
import type { Ledger } from './ledger.ts';

/** Numbers a message for a subscriber (or all), as part of the request that is being written. */
export type Open = (target: number | 'all') => number;
/** Writes the next request. */
export type Compose = (open: Open) => string;

/** One kept-alive connection with one request in flight: answered, and its messages received by all they are for. */
interface Lane {
  socket: Socket;
  reader: AnswerReader;
  pending: number;
  sentAt: number;
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
  #running = false;
  #idle: (() => void) | null = null;
  #fail: (error: Error) => void = () => {};
  /** Rejects at the first answer that is no success. */
  readonly failed: Promise<never>;

  constructor(ledger: Ledger, compose: Compose) {
    this.#ledger = ledger;
    this.#compose = compose;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open({ host, port }: Address, inFlight: number): Promise<void> {
    for (let at = 0; at < inFlight; at += 1) {
      const socket = connect({ host, port, noDelay: true });
      const lane: Lane = { socket, reader: new AnswerReader(), pending: 0, sentAt: 0 };
      socket.on('data', (piece) => this.#read(lane, piece));
      socket.on('error', (error) => this.#fail(error));
      this.#lanes.push(lane);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
    }
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
    for (const { socket } of this.#lanes) socket.destroy();
  }

  #next(lane: Lane): void {
    const now = performance.now();
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
    this.answered += 1;
    this.answerTimes.record((performance.now() - lane.sentAt) * 1_000);
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
