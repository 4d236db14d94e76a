import { LIMITS } from '@belfry/protocol';
import { type Line, linesOf } from './lines.ts';

/** A request takes 1 MB; this leaves room for what stands around the lines. */
const BATCH_BYTES = LIMITS.requestBytes - 65_536;

/** With more than this waiting, who awaits `log` waits too. */
const ROOM_BYTES = 4 * LIMITS.requestBytes;

/**
 * As much waits at most where nobody awaits `log` and the server is away: a job must not die of its log. What comes beyond
 * it is left out, and a line says how many there were.
 */
const MOST_BYTES = 64 * LIMITS.requestBytes;

/** Lines that wait to be sent, in order. */
export class LineQueue {
  #lines: Line[] = [];
  #bytes = 0;
  #leftOut = 0;
  #waiters: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get isFull(): boolean {
    return this.#lines.length >= LIMITS.lines || this.#bytes >= BATCH_BYTES;
  }

  add(lines: readonly Line[]): void {
    for (const line of lines) {
      if (this.#bytes + line.bytes > MOST_BYTES) this.#leftOut += 1;
      else this.#push(line);
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
    this.#sayWhatIsMissing();
    this.#makeRoom();
    return `{"lines":[${taken.map(({ json }) => json).join(',')}]}`;
  }

  clear(): void {
    this.#lines = [];
    this.#bytes = 0;
    this.#leftOut = 0;
    this.#makeRoom();
  }

  #push(line: Line): void {
    this.#lines.push(line);
    this.#bytes += line.bytes;
  }

  /** After all that waited when there was no room, and before all that has some now. */
  #sayWhatIsMissing(): void {
    if (this.#leftOut === 0) return;
    const text = `${this.#leftOut.toLocaleString('en')} lines are missing here: they came faster than Belfry could take them.`;
    for (const line of linesOf({ text, level: 'warn' }, new Date())) this.#push(line);
    this.#leftOut = 0;
  }

  #makeRoom(): void {
    if (this.#bytes > ROOM_BYTES) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
