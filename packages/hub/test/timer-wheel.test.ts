import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerWheel, type WheelTimer } from '../src/timer-wheel.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
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

  it('has what may be early share a few ticks, no sooner than allowed', () => {
    const wheel = new TimerWheel();
    const early: number[] = [];
    const ticks = new Map<number, number>();
    for (let at = 0; at < 400; at += 1) {
      const due = performance.now() + 25_000 + at * 2.5;
      const fire = () => {
        early.push(due - performance.now());
        ticks.set(performance.now(), (ticks.get(performance.now()) ?? 0) + 1);
      };
      wheel.schedule(timer(fire), 25_000 + at * 2.5, 500);
    }
    vi.advanceTimersByTime(26_200);
    expect(early).toHaveLength(400);
    expect(Math.max(...early)).toBeLessThanOrEqual(500);
    expect(Math.min(...early)).toBeGreaterThanOrEqual(-100);
    // Without it they fire in 20 ticks. Half a second has two: one of 128, and one for the others.
    expect(ticks.size).toBeLessThanOrEqual(6);
    expect(Math.max(...ticks.values())).toBe(128);
  });

  it('keeps those that share a tick in it, from beat to beat', () => {
    const wheel = new TimerWheel();
    const beats: number[][] = [0, 130, 260].map((after) => {
      const times: number[] = [];
      const heart = timer(() => {
        times.push(performance.now());
        wheel.schedule(heart, 5_000, 500);
      });
      wheel.schedule(heart, 5_000 - (performance.now() % 500) + after, 500);
      return times;
    });
    vi.advanceTimersByTime(20_500);
    expect(beats[1]).toEqual(beats[0]);
    expect(beats[2]).toEqual(beats[0]);
    expect(beats[0]).toHaveLength(4);
    wheel.clear();
  });

  it('has one timeout for all, and none for none', () => {
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

  it('sleeps until something is due, and no longer for what comes sooner', () => {
    const wheel = new TimerWheel();
    const fired: string[] = [];
    wheel.schedule(
      timer(() => fired.push('later')),
      10_000,
    );
    const slept = vi.spyOn(globalThis, 'setTimeout');
    vi.advanceTimersByTime(9_900);
    expect(slept).not.toHaveBeenCalled();
    wheel.schedule(
      timer(() => fired.push('sooner')),
      20,
    );
    vi.advanceTimersByTime(75);
    expect(fired).toEqual(['sooner']);
    vi.advanceTimersByTime(200);
    expect(fired).toEqual(['sooner', 'later']);
    slept.mockRestore();
  });

  it('goes on where what is due fails', () => {
    const wheel = new TimerWheel();
    const fired: string[] = [];
    const failing = () => {
      throw new Error('a test');
    };
    wheel.schedule(timer(failing), 50);
    wheel.schedule(
      timer(() => fired.push('next')),
      500,
    );
    expect(() => vi.advanceTimersByTime(200)).toThrow('a test');
    vi.advanceTimersByTime(500);
    expect(fired).toEqual(['next']);
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
    vi.advanceTimersByTime(150);
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
