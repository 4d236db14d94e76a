import { expect, test } from 'vitest';
import { expectUnharmed, MB, peak } from '../src/torture/scenarios/unharmed.ts';

test('a reader that stops reading while 500 MB are published costs no memory and no one else time, and resumes', async () => {
  const { without, stalled, missedBytes } = await expectUnharmed(300 * MB, 500 * MB);
  // Resident pages are not exact, for the allocator keeps some: they wander by up to 60 MB without any cause.
  expect(peak(stalled, 'rss') - peak(without, 'rss')).toBeLessThan(missedBytes / 5);
  // Wide enough for a machine that has other things to do: someone who waits for a slow reader waits for seconds.
  expect(stalled.latency.p50).toBeLessThan(without.latency.p50 * 2 + 200);
  expect(stalled.latency.p99).toBeLessThan(without.latency.p99 * 2 + 1_000);
});
