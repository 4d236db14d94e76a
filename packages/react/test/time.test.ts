import { describe, expect, test } from 'vitest';
import { byDay } from '../src/notifications/days.ts';
import { dayOf } from '../src/time/clock.ts';
import { dayName, timeOf } from '../src/time/wording.ts';
import { sample } from './support/scripted-belfry.ts';

const now = new Date(2026, 10, 26, 15, 0, 0).getTime();
const today = dayOf(now);
const ago = (ms: number) => new Date(now - ms).toISOString();
const MINUTE = 60_000;

describe('times', () => {
  test('of today they say how long ago, and else what the clock said', () => {
    expect(timeOf(ago(20_000), now, today, 'en')).toBe('now');
    expect(timeOf(ago(5 * MINUTE), now, today, 'en')).toBe('5m ago');
    expect(timeOf(ago(3 * 60 * MINUTE), now, today, 'en')).toBe('3h ago');
    expect(timeOf(ago(20 * 60 * MINUTE), now, today, 'en')).toMatch(/^7:00\sPM$/);
  });

  test('a clock that is ahead of ours says "now"', () => {
    expect(timeOf(ago(-90 * MINUTE), now, today, 'en')).toBe('now');
  });

  test('they are told in the language', () => {
    expect(timeOf(ago(20_000), now, today, 'de')).toBe('jetzt');
    expect(timeOf(ago(20_000), now, today, 'ar')).toBe('الآن');
  });
});

describe('days', () => {
  const name = (days: number, locale = 'en') => dayName(dayOf(new Date(2026, 10, 26 - days).getTime()), today, locale);

  test('are called today, yesterday, by their weekday, by their date', () => {
    expect([0, 1, 3, 10, 400].map((days) => name(days))).toEqual([
      'Today',
      'Yesterday',
      'Monday',
      'November 16',
      'October 22, 2025',
    ]);
    expect(name(1, 'de')).toBe('Gestern');
  });

  test('what a clock ahead of ours has dated tomorrow is of today', () => {
    expect(name(-1)).toBe('Today');
  });

  test('begin at midnight here, and keep the order', () => {
    const at = (hours: number) => sample({ createdAt: new Date(today + hours * 60 * MINUTE).toISOString() });
    const items = [at(14), at(0), at(-0.0001), at(-30)];
    expect(byDay(items).map(({ items: of }) => of.length)).toEqual([2, 1, 1]);
    expect(byDay(items).flatMap(({ items: of }) => of)).toEqual(items);
  });

  test('that come out of order come once, and no item leaves its place', () => {
    const at = (days: number) => sample({ createdAt: new Date(now - days * 24 * 60 * MINUTE).toISOString() });
    const items = [at(0), at(1), at(0), at(2), at(1), at(0), at(2), at(3)];
    const days = byDay(items);
    expect(days.map(({ day }) => day)).toEqual([...new Set(days.map(({ day }) => day))]);
    for (const { day, items: of } of days) expect(dayOf(of[0]!.createdAt)).toBe(day);
    expect(days.flatMap(({ items: of }) => of)).toEqual(items);
  });
});
