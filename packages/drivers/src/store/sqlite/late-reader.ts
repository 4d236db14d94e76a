import type { ThreadData } from './serve-thread.ts';
import type { Thread } from './thread.ts';

/**
 * When the reader's thread begins after the writer has opened. A thread costs Node some 60 ms of CPU before it does
 * anything, which a start on one core would have to wait for.
 */
const BEGINS_AFTER_MS = 250;

/** Who answers reads. */
export type Reader = Pick<Thread, 'request' | 'close'>;

/** The writer's thread at first, and the reader's from when that is open; where it can't open, the writer goes on. */
export class LateReader implements Reader {
  readonly #data: ThreadData;
  readonly #begin: () => Thread;
  readonly #onMissing: (reason: Error) => void;
  readonly #timer: NodeJS.Timeout;
  #answers: Thread;
  #reader: Thread | null = null;
  #isClosed = false;

  /** `onMissing` is told, once, where the reader's can't open. */
  constructor(writer: Thread, data: ThreadData, begin: () => Thread, onMissing: (reason: Error) => void = () => {}) {
    this.#answers = writer;
    this.#data = data;
    this.#begin = begin;
    this.#onMissing = onMissing;
    this.#timer = setTimeout(() => void this.#open(), BEGINS_AFTER_MS).unref();
  }

  request(payload: unknown): Promise<unknown> {
    return this.#answers.request(payload);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#reader?.close();
  }

  async #open(): Promise<void> {
    try {
      this.#reader = this.#begin();
      await this.#reader.open(this.#data);
      this.#answers = this.#reader;
    } catch (error) {
      // Where the system gives no more threads it can't even begin. The writer answers as before.
      if (!this.#isClosed) this.#onMissing(error as Error);
    }
  }
}
