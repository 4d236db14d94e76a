import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newNotification, notificationBatch } from '../src/schemas/index.ts';
import { plainBatch, plainNotification } from '../src/schemas/plain-notification.ts';

const plain = { to: 'user:ada', type: 'comment', title: 'Ada', body: 'A word', actionUrl: '/stories/1' };

const odd = fc.constantFrom<unknown>(
  ...[null, undefined, '', ' ', 0, true, [], {}, ['all'], 'all', 'user:', 'user:ada', 'role:x', 'system:x', 'a b'],
  ...['/x', '//x', '/\\x', 'http://x.y', 'https://', 'javascript:0', '\u0000', 'x'.repeat(200), 'x'.repeat(201)],
  ...['x'.repeat(2_001), 'x'.repeat(5_000), `/${'x'.repeat(2_047)}`, `/${'x'.repeat(2_048)}`, 'info'],
);
const name = fc.constantFrom('to', 'type', 'title', 'body', 'actionUrl', 'severity', 'constructor', '__proto__', 'x');
const changes = fc.array(fc.tuple(name, odd), { maxLength: 3 });

/** As a parser of JSON makes it: every name is a field of its own. */
function changed(given: [string, unknown][]): unknown {
  const fields = { ...plain } as Record<string, unknown>;
  const own = given.filter(([field]) => field !== '__proto__');
  for (const [field, value] of own) fields[field] = value;
  const made = JSON.parse(JSON.stringify(fields));
  if (own.length < given.length) Object.defineProperty(made, '__proto__', { value: 'x', enumerable: true });
  return made;
}

test('what is taken by hand is what the schema gives, and no more is taken', () => {
  fc.assert(
    fc.property(changes, (given) => {
      const value = changed(given);
      const short = plainNotification(value);
      if (short !== undefined) expect(newNotification.safeParse(value)).toEqual({ success: true, data: short });
      const batch = plainBatch({ notifications: [plain, value] });
      expect(batch === undefined).toBe(short === undefined);
      if (batch !== undefined) expect(notificationBatch.parse({ notifications: [plain, value] })).toEqual(batch);
    }),
    { numRuns: 2_000 },
  );
});

test('the usual ones are taken by hand', () => {
  const { actionUrl: _, ...short } = plain;
  expect(plainNotification(plain)).toEqual({ ...plain, to: ['user:ada'] });
  expect(plainBatch({ notifications: [plain, short] })?.notifications).toHaveLength(2);
});

test('an empty batch, one too large and one with another field are for the schema', () => {
  expect(plainBatch({ notifications: [] })).toBeUndefined();
  expect(plainBatch({ notifications: Array.from({ length: 1_001 }, () => plain) })).toBeUndefined();
  expect(plainBatch({ notifications: [plain], more: 1 })).toBeUndefined();
});
