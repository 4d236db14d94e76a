import { FrameBatch } from './frame-batch.ts';

/** Someone who collects frames during a turn of the event loop and writes them at its end. */
export interface TurnWriter {
  /** What it has collected and not written; null for nothing yet. Kept here, so that a turn needs no map. */
  batch: FrameBatch | null;
  writeBatch(bytes: Uint8Array): void;
}

/** A batch up to this size goes before larger ones: dozens of notifications, and not the lines of a chatty run. */
const SMALL_BYTES = 40_960;
/** In one turn so many are written to, at some 20 microseconds each, and so much of either kind. */
const TURN_WRITES = 128;
const TURN_BYTES = 1_048_576;
/** But at least so many of those with a small batch: else who publishes would get far ahead of who reads. */
const TURN_SHARE = 1 / 4;
/** These take no longer to write than as many answers. */
const FEW = 64;

/**
 * Gathers the frames of a turn of the event loop, so that each socket is written to once in it. Where many are to be
 * written to, they are over several turns: requests and deliveries of others come in between, and what is published
 * meanwhile goes along with what is not written yet. Where many get a lot, as those who follow a chatty run, what is
 * small goes first. Each writer's frames stay in order, as what it gets meanwhile goes behind what it waits with.
 *
 * Where the first to be gathered in a turn are few, and get little, they are written to once the step that they came in is
 * over: they have it before its senders, who may be as many, are answered. What follows is gathered to the turn's end.
 */
export class WriteTurn {
  #root = FrameBatch.root();
  /** Those who have collected something, in the order in which they began to. */
  #writers: TurnWriter[] = [];
  /** Those with a large batch, whose turn has not come. */
  #waiting: TurnWriter[] = [];
  #scheduled: NodeJS.Immediate | null = null;

  add(writer: TurnWriter, frame: Uint8Array): void {
    if (writer.batch === null) {
      writer.batch = this.#root;
      this.#writers.push(writer);
      if (this.#scheduled === null) queueMicrotask(() => this.#writeFew());
      this.#schedule();
    }
    writer.batch = writer.batch.with(frame);
  }

  /** Writes what this one has collected now, ahead of the others: something must follow it. */
  flushOne(writer: TurnWriter): void {
    const { batch } = writer;
    if (batch === null || batch.length === 0) return;
    // It stays among this turn's writers, with nothing to write unless more comes.
    writer.batch = this.#root;
    writer.writeBatch(batch.bytes());
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.#flush());
  }

  /** Nobody waits with a large batch: while one does, a turn is due, and this is not asked for. */
  #writeFew(): void {
    if (this.#writers.length > FEW) return;
    let bytes = 0;
    for (const writer of this.#writers) bytes += lengthOf(writer);
    if (bytes > SMALL_BYTES) return;
    for (const writer of this.#writers.splice(0)) write(writer);
  }

  #flush(): void {
    this.#root = FrameBatch.root();
    this.#scheduled = null;
    this.#writeSmall();
    this.#writeWaiting();
    if (this.#writers.length + this.#waiting.length > 0) this.#schedule();
  }

  #writeSmall(): void {
    const writers = this.#writers;
    const least = Math.ceil(writers.length * TURN_SHARE);
    let [next, bytes] = [0, 0];
    const isEnough = () => next >= least && (next >= TURN_WRITES || bytes >= TURN_BYTES);
    for (; next < writers.length && !isEnough(); next += 1) bytes += this.#writeIfSmall(writers[next] as TurnWriter);
    writers.splice(0, next);
  }

  /** How much it was; a large batch waits. */
  #writeIfSmall(writer: TurnWriter): number {
    const length = lengthOf(writer);
    if (length > SMALL_BYTES) {
      this.#waiting.push(writer);
      return 0;
    }
    write(writer);
    return length;
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    let next = 0;
    for (let bytes = 0; next < waiting.length && bytes < TURN_BYTES; next += 1) {
      bytes += lengthOf(waiting[next] as TurnWriter);
      write(waiting[next] as TurnWriter);
    }
    this.#waiting = waiting.slice(next);
  }
}

function lengthOf({ batch }: TurnWriter): number {
  return batch?.length ?? 0;
}

function write(writer: TurnWriter): void {
  const { batch } = writer;
  writer.batch = null;
  if (batch !== null && batch.length > 0) writer.writeBatch(batch.bytes());
}
