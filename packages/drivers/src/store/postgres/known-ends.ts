import type { Tail } from '../sql/log/appender.ts';

const MAX_KEPT = 50_000;
/** Groups that don't guess after a guess was wrong; twice as many after each that is wrong again. */
const FEWEST = 1;
const MOST = 64;
const CLOCK_MS = 10_000;

interface Known {
  /** Null: it is to be asked for. */
  tail: Tail | null;
  /** How many groups are still to ask. */
  asks: number;
  /** The same after the next wrong guess. */
  nextAsks: number;
}

/**
 * Where the logs ended when this process last wrote to them, and how far the database's clock is from ours: guesses, good
 * to begin a group with that has them checked under the log's lock. Where others write to a log too, they are wrong.
 */
export class KnownEnds {
  readonly #logs = new Map<string, Known>();
  #ahead = Number.NEGATIVE_INFINITY;
  #aheadSince = 0;

  of(log: string): Tail | null {
    const known = this.#logs.get(log);
    return known === undefined || known.asks > 0 || known.tail?.n === 0 ? null : known.tail;
  }

  /** After a group that had asked. */
  asked(log: string, tail: Tail): void {
    const { asks, nextAsks } = this.#logs.get(log) ?? { asks: 0, nextAsks: FEWEST };
    this.#keep(log, { tail, asks: Math.max(0, asks - 1), nextAsks });
  }

  guessedRight(log: string, tail: Tail): void {
    this.#keep(log, { tail, asks: 0, nextAsks: FEWEST });
  }

  guessedWrong(log: string): void {
    const asks = this.#logs.get(log)?.nextAsks ?? FEWEST;
    this.#keep(log, { tail: null, asks, nextAsks: Math.min(MOST, 2 * asks) });
  }

  /** After a write that failed, or whose outcome nobody knows. */
  forget(log: string): void {
    this.#logs.delete(log);
  }

  /** After a connection was lost: it may be another database that answers next. */
  forgetAll(): void {
    this.#logs.clear();
  }

  /** The database's clock by an answer that has just come: what was longest on its way is the furthest behind. */
  sawClock(now: number): void {
    const here = performance.now();
    if (now - here <= this.#ahead && here - this.#aheadSince < CLOCK_MS) return;
    this.#ahead = now - here;
    this.#aheadSince = here;
  }

  /** Milliseconds since 1970 by the database's clock. By one of ours that nobody turns. */
  get now(): number {
    return this.#ahead + performance.now();
  }

  #keep(log: string, known: Known): void {
    if (this.#logs.size >= MAX_KEPT) this.#logs.clear();
    this.#logs.set(log, known);
  }
}
