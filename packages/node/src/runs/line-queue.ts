import { LIMITS } from '@belfry/protocol';
import type { Line } from './lines.ts';

/** A request takes 1 MB; this leaves room for what stands around the lines. */
const BATCH_BYTES = LIMITS.requestBytes - 65_536;

/** With more than this waiting, who awaits `log` waits too. */
const ROOM_BYTES = 4 * LIMITS.requestBytes;

/** Lines that wait to be sent, in order. */
export class LineQueue {
  #lines: Line[] = [];
  #bytes = 0;
  #waiters: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get isFull(): boolean {
    return this.#lines.length >= LIMITS.lines || this.#bytes >= BATCH_BYTES;
  }

  add(lines: readonly Line[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#bytes += line.bytes;
    }
  }

  /** At once while there is room; else when some has been sent. */
  room(): Promise<void> {
    if (this.#bytes <= ROOM_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The next batch, as the body of its request. */
  take(): string {
    let [count, bytes] = [0, 0];
    for (const line of this.#lines) {
      if (count === LIMITS.lines || (count > 0 && bytes + line.bytes + count > BATCH_BYTES)) break;
      count += 1;
      bytes += line.bytes;
    }
    const taken = this.#lines.splice(0, count);
    this.#bytes -= bytes;
    this.#makeRoom();
    return `{"lines":[${taken.map(({ json }) => json).join(',')}]}`;
  }

  clear(): void {
    this.#lines = [];
    this.#bytes = 0;
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (this.#bytes > ROOM_BYTES) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
