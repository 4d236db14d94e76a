import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntriesByChannel } from '../src/entries-by-channel.ts';
import { LogEntry } from '../src/log-entry.ts';
import { RecentEntries, RING_BYTES, RING_EVENTS, RingBudget } from '../src/recent-entries.ts';

const entry = (n: number, bytes = 10, to = ['all']) =>
  new LogEntry('e', { tenant: 't', n, check: `c${n}`, type: 'a', time: '', to, data: 'x'.repeat(bytes) });
const numbers = (entries: LogEntry[] | null) => entries?.map(({ n }) => n) ?? null;

describe('recent entries', () => {
  it('give all after a number, or say that they do not have it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 3_000, max: 2_000_000 }),
        fc.array(fc.nat({ max: 3_200 })),
        fc.integer({ min: 1, max: 600 }),
        (first, count, limit, after, page) => {
          const budget = new RingBudget(limit);
          const recent = new RecentEntries(budget);
          for (let n = first; n < first + count; n += 1) recent.push(entry(n));
          const newest = first + count - 1;
          expect(budget.used).toBeLessThanOrEqual(Math.max(limit, entry(1).bytes));
          expect(recent.at(newest)?.n).toBe(newest);
          expect(recent.at(newest + 1)).toBeUndefined();
          const kept = Math.min(count, Math.max(1, Math.floor(limit / entry(1).bytes)));
          for (const n of after) {
            const expected =
              n + 1 < newest - kept + 1
                ? null
                : Array.from({ length: Math.min(page, Math.max(0, newest - n)) }, (_, at) => n + 1 + at);
            expect(numbers(recent.after(n, page))).toEqual(expected);
            const there = n > newest - kept && n <= newest;
            expect(recent.at(n)?.n).toBe(there ? n : undefined);
          }
          recent.clear();
          expect(budget.used).toBe(0);
          expect(recent.after(newest, 1)).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give those of some channels as a look at each of them would, however the ring has moved on', () => {
    const channels = ['all', 'user:a', 'user:b', 'role:c'];
    const to = fc.uniqueArray(fc.constantFrom(...channels), { minLength: 1 });
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ push: to }) },
      { weight: 1, arbitrary: fc.record({ prepend: fc.array(to, { maxLength: 3 }) }) },
      { weight: 2, arbitrary: fc.record({ drop: fc.constant(true) }) },
      { weight: 4, arbitrary: fc.record({ of: to, after: fc.nat(), upTo: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const recent = new RecentEntries(new RingBudget(1_000_000));
        recent.push(entry(30));
        let there = [entry(30)];
        for (const one of steps) {
          const [oldest, newest] = [there[0] as LogEntry, there.at(-1) as LogEntry];
          if ('push' in one) {
            there.push(entry(newest.n + 1, 10, one.push));
            recent.push(there.at(-1) as LogEntry);
          } else if ('prepend' in one) {
            const earlier = one.prepend.map((channels, at) => entry(oldest.n - one.prepend.length + at, 10, channels));
            there = [...earlier, ...there];
            expect(recent.prepend(earlier)).toBe(true);
          } else if ('drop' in one) {
            if (recent.dropOldest()) there.shift();
          } else {
            // From just outside of what is there to just outside of it.
            const after = oldest.n - 2 + (one.after % (there.length + 3));
            const upTo = oldest.n - 1 + (one.upTo % (there.length + 2));
            const isThere = after + 1 >= oldest.n && after < newest.n && upTo >= oldest.n && upTo <= newest.n;
            const theirs = there.filter(({ n, event }) => {
              return n > after && n <= upTo && event.to.some((channel) => one.of.includes(channel));
            });
            expect(recent.sentTo(one.of, after, upTo)).toEqual(isThere ? theirs : null);
          }
        }
      }),
    );
  });

  it('are held by no channel any more once they were dropped', () => {
    const entries = Array.from({ length: 5 }, (_, n) => entry(n + 1, 10, ['all', `user:${n}`, 'all']));
    const byChannel = new EntriesByChannel(entries.slice(0, 3));
    for (const one of entries.slice(3)) byChannel.push(one);
    expect(byChannel.size).toBe(6);
    expect(numbers(byChannel.between(1, 4, ['user:0', 'all', 'user:3']))).toEqual([2, 3, 4]);
    for (const one of entries) byChannel.drop(one);
    expect(byChannel.size).toBe(0);
  });

  it('are bounded in number and in bytes, and always hold the newest', () => {
    const budget = new RingBudget(Number.POSITIVE_INFINITY);
    const many = new RecentEntries(budget);
    for (let n = 1; n <= RING_EVENTS + 5_000; n += 1) many.push(entry(n));
    expect(many.after(4_999, 1)).toBeNull();
    expect(numbers(many.after(5_000, 1))).toEqual([5_001]);
    const large = new RecentEntries(new RingBudget(Number.POSITIVE_INFINITY));
    for (let n = 1; n <= 5; n += 1) large.push(entry(n, RING_BYTES));
    expect(numbers(large.after(4, 10))).toEqual([5]);
    expect(large.after(3, 10)).toBeNull();
  });

  it('share one budget between the logs of a process', () => {
    const limit = 10 * entry(1).bytes;
    const budget = new RingBudget(limit);
    const logs = Array.from({ length: 3 }, () => new RecentEntries(budget));
    for (let n = 1; n <= 50; n += 1) for (const log of logs) log.push(entry(n));
    expect(budget.used).toBeLessThanOrEqual(limit);
    for (const log of logs) expect(log.at(50)?.n).toBe(50);
    for (const log of logs) log.clear();
    expect(budget.used).toBe(0);
  });

  it('of a log that is busy take the room of those that have been quiet longest', () => {
    const budget = new RingBudget(20 * entry(1).bytes);
    const [quiet, later, busy] = [0, 0, 0].map(() => new RecentEntries(budget));
    for (let n = 1; n <= 10; n += 1) quiet?.push(entry(n));
    for (let n = 1; n <= 10; n += 1) later?.push(entry(n));
    for (let n = 1; n <= 9; n += 1) busy?.push(entry(n));
    expect(numbers(busy?.after(0, 100) ?? null)).toHaveLength(9);
    expect(numbers(later?.after(0, 100) ?? null)).toHaveLength(10);
    expect(numbers(quiet?.after(9, 100) ?? null)).toEqual([10]);
    // Who speaks again is quiet no longer.
    later?.push(entry(11));
    for (let n = 10; n <= 100; n += 1) busy?.push(entry(n));
    expect(numbers(later?.after(10, 100) ?? null)).toEqual([11]);
    expect(numbers(busy?.after(82, 100) ?? null)).toHaveLength(18);
    for (const log of [quiet, later, busy]) log?.clear();
    expect(budget).toMatchObject({ used: 0, rings: 0 });
    quiet?.push(entry(1));
    expect(numbers(quiet?.after(0, 1) ?? null)).toEqual([1]);
  });

  it('give way as those of any other, also after they were let go or had nothing left to give', () => {
    const { bytes } = entry(1);
    const budget = new RingBudget(20 * bytes);
    const [again, other] = [0, 0].map(() => new RecentEntries(budget));
    again?.push(entry(1));
    again?.clear();
    for (let n = 1; n <= 15; n += 1) again?.push(entry(n));
    for (let n = 1; n <= 15; n += 1) other?.push(entry(n));
    expect(budget).toMatchObject({ used: 20 * bytes, rings: 2 });
    const small = new RingBudget(bytes / 2);
    const lone = new RecentEntries(small);
    for (let n = 1; n <= 3; n += 1) lone.push(entry(n));
    expect(small.used).toBe(bytes);
  });

  it('count what is kept of their frames: all of the small ones, and of the large few', () => {
    const channels = Array.from({ length: 100 }, (_, n) => `user:${n}`);
    const keptOf = (one: LogEntry) => {
      const frames = channels.map((channel) => one.frame(channel, 'person'));
      return frames.filter((frame, index) => one.frame(channels[index] as string, 'person') === frame);
    };
    const [small, large] = [entry(1, 100, channels), entry(1, 16_000, channels)];
    expect(keptOf(small)).toHaveLength(100);
    expect(keptOf(large).length).toBeLessThan(10);
    for (const one of [small, large]) {
      expect(one.bytes).toBeGreaterThanOrEqual(keptOf(one).reduce((sum, { length }) => sum + length, 0));
    }
    expect(large.bytes).toBeLessThan(20 * entry(1, 16_000).bytes);
  });

  it('hold little more memory than their frames take, whatever else is made between them', () => {
    const frames = Array.from({ length: 200 }, (_, n) => {
      Buffer.from('x'.repeat(3_000));
      return entry(n, 700).frame('all', 'person');
    });
    const taken = frames.reduce((sum, { length }) => sum + length, 0);
    const held = [...new Set(frames.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(held).toBeLessThan(taken + 3 * 32_768);
  });

  it('have frames that whoever is handed one can not take away from the others', () => {
    const buffer = entry(1, 700).frame('all', 'person').buffer as ArrayBuffer;
    const take = () => new ReadableStream({ type: 'bytes', start: (on) => on.enqueue(new Uint8Array(buffer)) });
    expect(take).toThrow(TypeError);
    expect(buffer.byteLength).toBeGreaterThan(700);
  });

  it('have frames of any text and length', () => {
    for (const text of ['', 'x', 'é€😀', '\ud800', 'x'.repeat(4_000), '€'.repeat(1_400), 'x'.repeat(40_000)]) {
      for (let n = 1; n <= 20; n += 1) {
        const one = new LogEntry('e', {
          tenant: 't',
          n,
          check: 'c',
          type: 'a',
          time: '',
          to: ['all'],
          data: `"${text}"`,
        });
        expect(Buffer.from(one.frame('all', 'person')).toString()).toContain(Buffer.from(text).toString());
      }
    }
  });

  it('give a page of about so many bytes, and at least one entry', () => {
    const recent = new RecentEntries(new RingBudget(RING_BYTES));
    for (let n = 1; n <= 10; n += 1) recent.push(entry(n, 1_000));
    const { bytes } = entry(1, 1_000);
    expect(numbers(recent.after(0, 10, bytes * 3))).toEqual([1, 2, 3]);
    expect(numbers(recent.after(0, 2, bytes * 3))).toEqual([1, 2]);
    expect(numbers(recent.after(4, 10, 1))).toEqual([5]);
    expect(numbers(recent.after(10, 10, 1))).toEqual([]);
  });
});
