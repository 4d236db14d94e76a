import { FrameBatch } from './frame-batch.ts';

/** Someone who collects frames during a turn of the event loop and writes them at its end. */
export interface TurnWriter {
  /** What it has collected and not written; null for nothing yet. Kept here, so that a turn needs no map. */
  batch: FrameBatch | null;
  writeBatch(bytes: Uint8Array): void;
}

/** A batch up to this size is written in its turn, whatever else is. */
const SMALL_BYTES = 32_768;
/** Of larger ones so much is written in one turn; the next begins after whatever else there is to do. */
const TURN_BYTES = 1_048_576;

/**
 * Gathers the frames of one turn of the event loop, so that each socket is written to once in it. Where many get a lot,
 * as those who follow a chatty run, what is small goes first and the rest over several turns: requests and deliveries of
 * others come in between. Each writer's frames stay in order, as what it gets meanwhile goes behind what it waits with.
 */
export class WriteTurn {
  #root = FrameBatch.root();
  #writers: TurnWriter[] = [];
  /** Those with a large batch, whose turn has not come. */
  #waiting: TurnWriter[] = [];
  #scheduled: NodeJS.Immediate | null = null;

  add(writer: TurnWriter, frame: Uint8Array): void {
    if (writer.batch === null) {
      writer.batch = this.#root;
      this.#writers.push(writer);
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

  #flush(): void {
    const writers = this.#writers;
    this.#writers = [];
    this.#root = FrameBatch.root();
    this.#scheduled = null;
    for (const writer of writers) {
      if (lengthOf(writer) > SMALL_BYTES) this.#waiting.push(writer);
      else write(writer);
    }
    this.#writeWaiting();
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    let next = 0;
    for (let bytes = 0; next < waiting.length && bytes < TURN_BYTES; next += 1) {
      bytes += lengthOf(waiting[next] as TurnWriter);
      write(waiting[next] as TurnWriter);
    }
    this.#waiting = waiting.slice(next);
    if (this.#waiting.length > 0) this.#schedule();
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
