import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { steady } from '../src/hooks/steady.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A value that changes when it is told to, and how often somebody heard of it. */
function watched() {
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const heard = vi.fn();
  const off = steady({ subscribe, getSnapshot: () => 1 }).subscribe(heard);
  const change = (times = 1) => {
    for (let time = 0; time < times; time += 1) for (const listener of listeners) listener();
  };
  return { heard, off, change };
}

test('what comes by ones is told at once', () => {
  const { heard, change } = watched();
  for (let count = 1; count <= 20; count += 1) {
    change();
    expect(heard).toHaveBeenCalledTimes(count);
    vi.advanceTimersByTime(100);
  }
});

test('what comes in a rush is told ten times a second, and the last of it too', () => {
  const { heard, change } = watched();
  for (let at = 0; at < 1_000; at += 20) {
    change(3);
    vi.advanceTimersByTime(20);
  }
  expect(heard.mock.calls.length).toBeLessThanOrEqual(16);
  vi.advanceTimersByTime(100);
  const before = heard.mock.calls.length;
  change(30);
  vi.advanceTimersByTime(200);
  expect(heard.mock.calls.length).toBeGreaterThan(before);
  expect(vi.getTimerCount()).toBe(0);
});

test('who has left hears nothing more', () => {
  const { heard, off, change } = watched();
  change(9);
  expect(vi.getTimerCount()).toBe(1);
  off();
  vi.advanceTimersByTime(1_000);
  expect(heard).toHaveBeenCalledTimes(5);
  expect(vi.getTimerCount()).toBe(0);
});
