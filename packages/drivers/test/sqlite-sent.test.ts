import { expect, test } from 'vitest';
import { received, sent } from '../src/store/sqlite/sent.ts';
import { heard, told } from '../src/store/sqlite/told.ts';

test("a write comes to the writer's thread as it was called", () => {
  const lines = [
    { text: 'ok', level: 'info', time: null },
    { text: '', level: 'warn', time: '2026-11-28T12:00:00.000Z' },
  ];
  const idempotency = { key: 'k', fingerprint: 'f' };
  const call = { name: 'appendLines' as const, input: { log: 'acme/run', lines }, idempotency };
  expect(received(structuredClone(sent(call)))).toEqual(call);
  const other = { name: 'beat' as const, input: { log: 'acme/run' } };
  expect(received(structuredClone(sent(other)))).toEqual(other);
});

test("what a publish came to comes back from the writer's thread as it was, also where it withdrew an earlier one", () => {
  const first = { tenant: 'acme', n: 7, check: 'bbbb', follows: 'aaaa', time: '2026-11-28T12:00:00.000Z' };
  const withdrawn = { ...first, type: 'notification.withdrawn', to: ['user:1', 'all'], data: '{"id":"1"}' };
  const data = '{"notification":{"id":"2","title":"Hi"}}';
  const created = {
    ...first,
    n: 8,
    check: 'cccc',
    follows: 'bbbb',
    type: 'notification.created',
    to: ['user:1'],
    data,
  };
  const committed = { out: { notifications: [] }, replayed: false, events: [withdrawn, created] };
  const back = heard('publish', structuredClone(told('publish', committed)));
  expect(back.events).toEqual([withdrawn, created]);
  const { notifications } = back.out as { notifications: unknown };
  expect(notifications).toEqual([{ id: '2', title: 'Hi', channel: 'user:1', to: ['user:1'] }]);
});

test("what any other write came to, and the first answer again, come back from the writer's thread as they were", () => {
  const again = { out: { notifications: [] }, replayed: true, events: [] };
  expect(heard('publish', structuredClone(told('publish', again)))).toEqual(again);
  const time = '2026-11-28T12:00:00.000Z';
  const line = { tenant: 'acme', run: 'r', n: 1, check: 'aaaa', follows: '0', after: 3, time, to: [], type: 'run.log' };
  const appended = { out: { cursor: 'c' }, replayed: false, events: [{ ...line, data: '{}' }] };
  expect(heard('appendLines', structuredClone(told('appendLines', appended)))).toEqual(appended);
});
