import { FrameBatch } from './frame-batch.ts';

/** Someone who collects frames during a turn of the event loop and writes them at its end. */
export interface TurnWriter {
  /** What it has collected in this turn; null for nothing yet. Kept here, so that a turn needs no map. */
  batch: FrameBatch | null;
  writeBatch(bytes: Uint8Array): void;
}

/** Gathers the frames of one turn of the event loop, so that each socket is written to once in it. */
export class WriteTurn {
  #root = FrameBatch.root();
  #writers: TurnWriter[] = [];
  #scheduled: NodeJS.Immediate | null = null;

  add(writer: TurnWriter, frame: Uint8Array): void {
    if (writer.batch === null) {
      writer.batch = this.#root;
      this.#writers.push(writer);
      this.#scheduled ??= setImmediate(() => this.#flush());
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

  #flush(): void {
    const writers = this.#writers;
    this.#writers = [];
    this.#root = FrameBatch.root();
    this.#scheduled = null;
    for (const writer of writers) {
      const { batch } = writer;
      writer.batch = null;
      if (batch !== null && batch.length > 0) writer.writeBatch(batch.bytes());
    }
  }
}
