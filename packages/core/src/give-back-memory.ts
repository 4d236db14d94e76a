import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back to the machine what loading the code has left behind in this thread: without being pressed V8 keeps the
 * space it has grown into, ten megabytes and more. Takes some 20 ms, so it is for when nobody waits. Where V8 can't be
 * asked for it, nothing happens.
 */
export function giveBackMemory(): void {
  collector()?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

type Collector = (how: { type: string; execution: string; flavor: string }) => void;

/** V8 shows it to contexts made while the flag is set, without which Node was most likely started. */
function collector(): Collector | null {
  try {
    setFlagsFromString('--expose-gc');
    const found: unknown = runInNewContext('globalThis.gc');
    return typeof found === 'function' ? (found as Collector) : null;
  } catch {
    return null;
  }
}
