import { draft } from '@belfry/contract-tests/samples';
import type { NotificationDraft } from '@belfry/core';
import { expect, test } from 'vitest';
import { packCall, unpackCall } from '../src/store/sqlite/packed-call.ts';
import { packCommit, unpackCommit } from '../src/store/sqlite/packed-commit.ts';

test("a write comes to the writer's thread as it was called", () => {
  const lines = [
    { text: 'ok', level: 'info', time: null },
    { text: '', level: 'warn', time: '2026-11-28T12:00:00.000Z' },
  ];
  const idempotency = { key: 'k', fingerprint: 'f' };
  const call = { name: 'appendLines' as const, input: { log: 'acme/run', lines }, idempotency };
  expect(unpackCall(structuredClone(packCall(call)))).toEqual(call);
  const other = { name: 'beat' as const, input: { log: 'acme/run' } };
  expect(unpackCall(structuredClone(packCall(other)))).toEqual(other);
});

test("a publish comes to the writer's thread as it was called, whatever its drafts have in common", () => {
  // Nothing is said of a fallback as null.
  const whole = (over: Partial<NotificationDraft> = {}) => draft({ fallback: null, ...over });
  const plain = [whole(), whole(), whole()];
  const varied = [
    whole({ to: ['user:1', 'all'], type: 'a', title: 'A', severity: 'critical', dedupeKey: 'k' }),
    whole({
      to: ['user:2'],
      body: 'b',
      actionUrl: '/x',
      icon: '/i',
      data: { a: [1] },
      expiresAt: '2030-01-01T00:00:00Z',
    }),
    whole({ actions: [{ id: 'ok', label: 'OK' }] as never, actor: { name: 'Ada' } as never, data: null }),
    whole({ subject: { kind: 'story', id: '1' } as never, fallback: { afterSeconds: 60, until: 'read' } }),
  ];
  const garbage = [null, [null, null], [whole(), { ...whole(), to: 'user:1' }], 'drafts', undefined];
  for (const drafts of [plain, varied, [whole()], [], ...garbage] as (typeof plain)[]) {
    const call = {
      name: 'publish' as const,
      input: { tenant: 'acme', drafts },
      idempotency: { key: 'k', fingerprint: 'f' },
    };
    expect(unpackCall(structuredClone(packCall(call)))).toEqual(call);
  }
  const nothing = { name: 'publish' as const, input: null as never };
  expect(unpackCall(structuredClone(packCall(nothing)))).toEqual(nothing);
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
  const back = unpackCommit('publish', structuredClone(packCommit('publish', committed)));
  expect(back.events).toEqual([withdrawn, created]);
  const { notifications } = back.out as { notifications: unknown };
  expect(notifications).toEqual([{ id: '2', title: 'Hi', channel: 'user:1', to: ['user:1'] }]);
});

test("what any other write came to, and the first answer again, come back from the writer's thread as they were", () => {
  const again = { out: { notifications: [] }, replayed: true, events: [] };
  expect(unpackCommit('publish', structuredClone(packCommit('publish', again)))).toEqual(again);
  const time = '2026-11-28T12:00:00.000Z';
  const line = { tenant: 'acme', run: 'r', n: 1, check: 'aaaa', follows: '0', after: 3, time, to: [], type: 'run.log' };
  const appended = { out: { cursor: 'c' }, replayed: false, events: [{ ...line, data: '{}' }] };
  expect(unpackCommit('appendLines', structuredClone(packCommit('appendLines', appended)))).toEqual(appended);
});
