import { expect, test } from 'vitest';
import { chosenSeed, Random } from '../src/torture/random.ts';
import { type Stretch, slowReader } from '../src/torture/scenarios/slow-reader.ts';

const MB = 1_000_000;

test('a reader that stops reading while 500 MB are published costs no memory and no one else time, and resumes', async () => {
  const seed = chosenSeed();
  const result = await slowReader(new Random(seed), 300 * MB, 500 * MB);
  const { without, stalled, missedBytes, resumes, faults } = result;
  console.log(`slow reader, BELFRY_SEED=${seed}: ${missedBytes} bytes missed, ${resumes} resumes`);
  console.log(`without: ${told(without)}\nstalled: ${told(stalled)}`);

  expect(faults).toEqual([]);
  expect(missedBytes).toBeGreaterThanOrEqual(500 * MB);
  expect(resumes).toBeGreaterThan(0);
  // It was sent away, and not carried along to the end.
  expect(stalled.memory.at(-1)?.streams).toBe(without.memory.at(-1)?.streams as number);
  // Over the level of the same publishing with nobody who stalls, by when the caches have filled. What is held is exact
  // after a collection; resident pages are not, for the allocator keeps some: they wander by up to 60 MB without any cause.
  expect(peak(stalled, 'rss') - peak(without, 'rss')).toBeLessThan(missedBytes / 5);
  expect(peak(stalled, 'heapUsed') - peak(without, 'heapUsed')).toBeLessThan(20 * MB);
  expect(peak(stalled, 'external') - peak(without, 'external')).toBeLessThan(20 * MB);
  // Wide enough for a machine that has other things to do: someone who waits for a slow reader waits for seconds.
  expect(stalled.latency.p50).toBeLessThan(without.latency.p50 * 2 + 200);
  expect(stalled.latency.p99).toBeLessThan(without.latency.p99 * 2 + 1_000);
});

function peak({ memory }: Stretch, kind: 'rss' | 'heapUsed' | 'external'): number {
  return Math.max(...memory.map((sample) => sample[kind]));
}

function told({ memory, latency }: Stretch): string {
  const rss = memory.map((sample) => Math.round(sample.rss / MB));
  return `${latency.count} pings, p50 ${latency.p50.toFixed()} ms, p99 ${latency.p99.toFixed()} ms, RSS ${rss} MB`;
}
