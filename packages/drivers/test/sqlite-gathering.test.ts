import { expect, test } from 'vitest';
import type { NewEvent } from '../src/store/sql/log/appender.ts';
import { GatheringAppender } from '../src/store/sqlite/gathering-appender.ts';

test('the end of each log is looked for once, goes on in memory, and all is written together', async () => {
  const looks: string[] = [];
  const written: (readonly NewEvent[])[] = [];
  const results = { find: () => undefined, keep: () => {} };
  const appender = new GatheringAppender({
    results,
    async tail(name) {
      looks.push(name);
      return { log: name === 'acme' ? 1 : 2, n: 5, check: 'aaaa', time: 10, totalBytes: 100 };
    },
    async write(events) {
      written.push(events);
    },
  });
  const event = (log: number, n: number) =>
    ({
      row: { log, n, check_value: `c${n}`, time: 20, total_bytes: 100 + n },
      channels: [],
      item: null,
    }) as unknown as NewEvent;
  expect((await appender.tail('acme')).n).toBe(5);
  await appender.write([event(1, 6), event(1, 7)]);
  await appender.write([]);
  expect((await appender.tail('other')).n).toBe(5);
  await appender.write([event(2, 6)]);
  expect(await appender.tail('acme')).toEqual({ log: 1, n: 7, check: 'c7', time: 20, totalBytes: 107 });
  expect(await appender.tail('other')).toMatchObject({ log: 2, n: 6 });
  expect(appender.results).toBe(results);
  expect(looks).toEqual(['acme', 'other']);
  expect(written).toEqual([]);
  await appender.flush();
  expect(written.map((events) => events.map(({ row }) => [row.log, row.n]))).toEqual([
    [
      [1, 6],
      [1, 7],
      [2, 6],
    ],
  ]);
});
