import { expect, test } from 'vitest';
import { received, sent } from '../src/store/sqlite/sent.ts';

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
