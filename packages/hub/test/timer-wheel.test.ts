import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel, type WheelTimer } from '../src/timer-wheel.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const timer = (fire: () => void): WheelTimer => ({ tick: -1, fire });

describe('the timer wheel', () => {
  it('fires each timer once, not before its time and less than 100 ms after', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.nat({ max: 40 })), { maxLength: 20 }), (plan) => {
        const wheel = new TimerWheel();
        const fired: { late: number }[] = [];
        for (const [after, pause] of plan) {
          const due = performance.now() + after;
          wheel.schedule(
            timer(() => fired.push({ late: performance.now() - due })),
            after,
          );
          vi.advanceTimersByTime(pause);
        }
        vi.advanceTimersByTime(3_200);
        expect(fired).toHaveLength(plan.length);
        for (const { late } of fired) {
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThanOrEqual(100);
        }
        expect(vi.getTimerCount()).toBe(0);
      }),
    );
  });

  it('has one interval for all, and none for none', () => {
    const wheel = new TimerWheel();
    const timers = Array.from({ length: 1_000 }, () => timer(() => {}));
    for (const [at, one] of timers.entries()) wheel.schedule(one, at);
    expect(vi.getTimerCount()).toBe(1);
    for (const one of timers) wheel.cancel(one);
    expect(vi.getTimerCount()).toBe(0);
    wheel.cancel(timers[0] as WheelTimer);
    wheel.schedule(timers[0] as WheelTimer, 10);
    wheel.clear();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not fire what was cancelled or moved, also by another of the same tick', () => {
    const wheel = new TimerWheel();
    const fired: string[] = [];
    const cancelled = timer(() => fired.push('cancelled'));
    const moved = timer(() => fired.push('moved'));
    const first = timer(() => {
      wheel.cancel(cancelled);
      wheel.schedule(moved, 1_000);
    });
    for (const one of [first, cancelled, moved]) wheel.schedule(one, 60);
    vi.advanceTimersByTime(500);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(fired).toEqual(['moved']);
  });

  it('catches up after the process was asleep', () => {
    const wheel = new TimerWheel();
    const fired: number[] = [];
    for (const after of [100, 5_000, 60_000])
      wheel.schedule(
        timer(() => fired.push(after)),
        after,
      );
    vi.setSystemTime(0);
    const asleep = performance.now() + 50_000;
    vi.spyOn(performance, 'now').mockImplementation(() => asleep);
    vi.advanceTimersByTime(50);
    expect(fired).toEqual([100, 5_000]);
    vi.restoreAllMocks();
    wheel.clear();
  });

  it('goes on with a timer that schedules itself', () => {
    const wheel = new TimerWheel();
    let beats = 0;
    const heart = timer(() => {
      beats += 1;
      if (beats < 5) wheel.schedule(heart, 100);
    });
    wheel.schedule(heart, 100);
    vi.advanceTimersByTime(2_000);
    expect(beats).toBe(5);
    expect(vi.getTimerCount()).toBe(0);
  });
});
