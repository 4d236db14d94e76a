import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's collector, which it shows only where it is told to. */
export const collect = collector();

function collector(): (how: { type: 'minor' | 'major' }) => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('globalThis.gc');
}

/** Of what the collections of young things leave alone. */
export function oldKb(): number {
  const old = getHeapSpaceStatistics().filter(({ space_name }) => /^(old|large_object)_space$/.test(space_name));
  return old.reduce((sum, { space_used_size }) => sum + space_used_size, 0) / 1_024;
}
