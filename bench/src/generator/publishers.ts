import type { Address } from '../peers/peer.ts';
import type { Answer } from './answer-reader.ts';
import { Histogram } from './histogram.ts';
import { Lane } from './lane.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';

/** Numbers a message for a subscriber (or all), as part of the request that is being written. */
export type Open = (target: number | 'all') => number;
/** Writes the next request, which was due at this time. */
export type Compose = (open: Open, due: number) => string;

/** Whatever publishes, as the measuring sees it. */
export interface Publishing {
  /** Requests answered with success. */
  readonly answered: number;
  /** Messages that were due while all lanes were taken. */
  readonly late: number;
  /** From before a request was sent to its answer. Begun anew when the measuring begins. */
  answerTimes: Histogram;
  /** Rejects at the first answer that is no success. */
  readonly failed: Promise<never>;
  open(inFlight: number): Promise<void>;
  start(): void;
  /** Sends no more. Resolves when nothing is in flight, or after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
  close(): void;
}

/**
 * Publishes as fast as the rule allows: so many in flight, never more. With a pace, a message is sent when it is due; one
 * for which no lane was free is sent later and its time counts from when it was due.
 */
export class Publishers implements Publishing {
  answered = 0;
  late = 0;
  answerTimes = new Histogram();
  readonly #ledger: Ledger;
  readonly #compose: Compose;
  readonly #lanes: Lane[] = [];
  readonly #address: Address;
  readonly #pace: Pace | null;
  /** With a pace: lanes with nothing to do, and since when messages wait for one. */
  readonly #free: Lane[] = [];
  readonly #due: number[] = [];
  #running = false;
  #idle: (() => void) | null = null;
  #fail: (error: Error) => void = () => {};
  readonly failed: Promise<never>;

  constructor(address: Address, ledger: Ledger, compose: Compose, pace: Pace | null = null) {
    this.#address = address;
    this.#ledger = ledger;
    this.#compose = compose;
    this.#pace = pace;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(inFlight: number): Promise<void> {
    for (let at = 0; at < inFlight; at += 1) {
      const lane = new Lane(
        this.#address,
        (...answered) => this.#onAnswer(...answered),
        (error) => this.#fail(error),
      );
      this.#lanes.push(lane);
      await Promise.race([lane.connected(), this.failed]);
    }
  }

  start(): void {
    this.#running = true;
    for (const lane of this.#lanes) this.#goOn(lane);
    this.#pace?.start((now) => this.#onDue(now));
  }

  async stop(patienceMs: number): Promise<void> {
    this.#running = false;
    this.#pace?.stop();
    if (this.#lanes.every((lane) => lane.pending === 0)) return;
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<void>((resolve) => {
      this.#idle = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([idle, this.failed]).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#pace?.stop();
    for (const lane of this.#lanes) lane.close();
  }

  /** What a lane does when it is done: the next message, or with a pace the one that waits longest, if any. */
  #goOn(lane: Lane): void {
    const now = performance.now();
    const due = this.#pace === null ? now : this.#due.shift();
    if (due === undefined) this.#free.push(lane);
    else this.#send(lane, now, due);
  }

  #onDue(now: number): void {
    const lane = this.#free.shift();
    if (lane !== undefined) {
      this.#send(lane, now, now);
    } else {
      this.late += 1;
      this.#due.push(now);
    }
  }

  #send(lane: Lane, now: number, due: number): void {
    lane.renewIfOld(now);
    lane.sentAt = due;
    lane.pending = 1;
    const settled = () => this.#settle(lane);
    const request = this.#compose((target) => {
      lane.pending += 1;
      return this.#ledger.open(target, due, settled);
    }, due);
    lane.send(request);
  }

  #onAnswer(lane: Lane, answer: Answer, now: number): void {
    if (!isSuccess(answer)) {
      this.#fail(new Error(`A publish was refused: ${answer.beginning}`));
      return;
    }
    this.answered += 1;
    this.answerTimes.record((now - lane.sentAt) * 1_000);
    this.#settle(lane);
  }

  #settle(lane: Lane): void {
    lane.pending -= 1;
    if (lane.pending > 0) return;
    if (this.#running) this.#goOn(lane);
    else if (this.#lanes.every(({ pending }) => pending === 0)) this.#idle?.();
  }
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
