import { Histogram } from './histogram.ts';

/** Batches that can be under way at once. */
const WINDOW = 4_096;

/** Which lines of one log its followers have had: each of them every line, once and in the order they were sent in. */
export class LineLedger {
  /** Lines that have been sent. */
  sent = 0;
  /** Lines that have come, to all followers together. */
  received = 0;
  /** Left out by a follower who then had a later one. */
  skipped = 0;
  /** Came to a follower who had had it, or a later one. */
  doubled = 0;
  /** From when a batch was due to the receipt of its last line, of each follower. */
  times = new Histogram();
  readonly #next: Float64Array;
  readonly #lastLines = new Float64Array(WINDOW);
  readonly #dueAt = new Float64Array(WINDOW);
  /** Batches of one size: by the last line of one its place is known. */
  readonly #batchSize: number;

  constructor(followers: number, batchSize: number) {
    this.#next = new Float64Array(followers).fill(1);
    this.#batchSize = batchSize;
  }

  /** The numbers of the next batch. */
  open(now: number): number[] {
    const numbers = Array.from({ length: this.#batchSize }, (_, index) => this.sent + index + 1);
    this.sent += this.#batchSize;
    const place = this.#placeOf(this.sent);
    this.#lastLines[place] = this.sent;
    this.#dueAt[place] = now;
    return numbers;
  }

  receive(follower: number, line: number, now: number): void {
    const next = this.#next[follower] as number;
    if (line < next) {
      this.doubled += 1;
      return;
    }
    this.skipped += line - next;
    this.#next[follower] = line + 1;
    this.received += 1;
    const place = this.#placeOf(line);
    if (this.#lastLines[place] === line) this.times.record((now - (this.#dueAt[place] as number)) * 1_000);
  }

  /** What followers have not had of what was sent. */
  get missing(): number {
    return this.#next.reduce((sum, next) => sum + this.sent + 1 - next, this.skipped);
  }

  #placeOf(line: number): number {
    return Math.ceil(line / this.#batchSize) % WINDOW;
  }
}
