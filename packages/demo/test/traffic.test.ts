import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LONGEST_MS, Traffic } from '../src/supervisor/traffic.ts';
import type { Draft } from '../src/wire.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function flow() {
  const sent: Draft[] = [];
  return { sent, traffic: new Traffic({ publish: (draft) => void sent.push(draft), onChange: () => {} }) };
}

test('traffic flows at its rate and ends by itself', () => {
  const { sent, traffic } = flow();
  traffic.runFor(2_000);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(5);
  expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['ada', 'ben', 'all']));
  vi.advanceTimersByTime(10_000);
  expect(sent.length).toBeLessThanOrEqual(10);
  expect(traffic.state.until).toBeNull();
});

test('a shorter run never cuts a longer one short, and none is longer than the limit', () => {
  const { traffic } = flow();
  traffic.runFor(60_000);
  const until = traffic.state.until;
  traffic.runFor(1_000);
  expect(traffic.state.until).toBe(until);
  traffic.runFor(86_400_000);
  expect(traffic.state.until).toBe(Date.now() + LONGEST_MS);
  traffic.stop();
  expect(traffic.state.until).toBeNull();
});
