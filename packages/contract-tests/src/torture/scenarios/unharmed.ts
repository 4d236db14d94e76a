import { expect } from 'vitest';
import { chosenSeed, Random } from '../random.ts';
import { type SlowReaderResult, type Stretch, slowReader } from './slow-reader.ts';

export const MB = 1_000_000;

/** Plays it, and judges what is exact: what is held after a collection, and what came to whom. */
export async function expectUnharmed(before: number, bytes: number): Promise<SlowReaderResult> {
  const seed = chosenSeed();
  const result = await slowReader(new Random(seed), before, bytes);
  const { without, stalled, missedBytes, sentAway, resumes, faults } = result;
  console.log(`slow reader, BELFRY_SEED=${seed}: ${missedBytes} bytes missed, ${resumes} resumes`);
  console.log(`without: ${told(without)}\nstalled: ${told(stalled)}`);

  expect(faults, `BELFRY_SEED=${seed}`).toEqual([]);
  expect(missedBytes).toBeGreaterThanOrEqual(bytes);
  expect(resumes).toBeGreaterThan(0);
  expect(sentAway, 'sent away, and not carried along to the end').toBe(true);
  // Over the level of the same publishing with nobody who stalls, by when the caches have filled.
  expect(peak(stalled, 'heapUsed') - peak(without, 'heapUsed')).toBeLessThan(20 * MB);
  expect(peak(stalled, 'external') - peak(without, 'external')).toBeLessThan(20 * MB);
  return result;
}

export function peak({ memory }: Stretch, kind: 'rss' | 'heapUsed' | 'external'): number {
  return Math.max(...memory.map((sample) => sample[kind]));
}

function told({ memory, latency }: Stretch): string {
  const megabytes = (kind: 'rss' | 'heapUsed' | 'external') => memory.map((sample) => Math.round(sample[kind] / MB));
  const all = `RSS ${megabytes('rss')} MB, heap ${megabytes('heapUsed')} MB, external ${megabytes('external')} MB`;
  return `${latency.count} pings, p50 ${latency.p50.toFixed()} ms, p99 ${latency.p99.toFixed()} ms, ${all}`;
}
