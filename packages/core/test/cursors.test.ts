import { formatCursor, ORIGIN, parseCursor } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBefore, readerOf } from '../src/index.ts';
import { openCore, person, refusal, service, type TestCore } from './support.ts';

let core: TestCore;
let first: string;
beforeAll(async () => {
  core = await openCore();
  for (let n = 0; n < 3; n += 1) {
    const { value } = await core.notifications.publish(service(), { to: ['user:ada'], type: 'a', title: `${n}` });
    first ??= value.cursor;
  }
});
afterAll(() => core.end());

const reader = () => readerOf(person('ada'), core.clock.now());
const readUpTo = (upTo: string) => core.inbox.markUpTo(reader(), 'read', { upTo });
const with_ = (change: { epoch?: string; n?: number; check?: string }) => {
  const cursor = { ...(parseCursor(first) as { epoch: string; n: number; check: string }), ...change };
  return formatCursor(cursor.epoch, cursor);
};

describe('a cursor that must stand in the log', () => {
  it('is refused as garbage, from the future, of another database, and where its check value is wrong', async () => {
    const bad = {
      garbage: 'x',
      empty: '',
      future: with_({ n: 1_000 }),
      'another database': with_({ epoch: 'zz' }),
      'a wrong check value': with_({ check: 'zzzz' }),
      'a wrong origin': with_({ n: 0, check: 'zzzz' }),
    };
    for (const [what, upTo] of Object.entries(bad)) {
      const error = await refusal(readUpTo(upTo));
      expect(error, what).toMatchObject({ code: 'invalid', status: 400, field: 'upTo' });
      expect(await refusal(core.inbox.ack(reader(), 'd', upTo)), what).toMatchObject({
        code: 'invalid',
        field: 'cursor',
      });
    }
    expect(await core.inbox.count(reader())).toEqual({ unread: 3, unseen: 3 });
  });

  it('of another tenant is refused, whose log has another event there', async () => {
    await core.notifications.publish(service({ tenant: 'other' }), { to: ['user:ada'], type: 'a', title: 'x' });
    const elsewhere = readerOf(person('ada', { tenant: 'other' }), core.clock.now());
    expect(await refusal(core.inbox.markUpTo(elsewhere, 'read', { upTo: first }))).toMatchObject({ code: 'invalid' });
  });

  it('marks up to it and not further', async () => {
    await readUpTo(first);
    expect(await core.inbox.count(reader())).toEqual({ unread: 2, unseen: 2 });
    await readUpTo(formatCursor(core.store.epoch, ORIGIN));
    expect(await core.inbox.count(reader())).toEqual({ unread: 2, unseen: 2 });
  });
});

describe('a cursor of a list', () => {
  const before = (text: string | undefined, tenant = 'default') =>
    listBefore(core.store, person('ada', { tenant }), text);

  it('is one of this log, whose item need not exist', async () => {
    expect(await before(undefined)).toBeNull();
    const { value } = await core.notifications.publish(service(), { to: ['user:ben'], type: 'a', title: 'gone' });
    await core.notifications.withdraw('default', value.id);
    expect(await before(value.cursor)).toBe(parseCursor(value.cursor)?.n);
  });

  it('is refused as garbage, from the future, of another database or tenant, and where its check value is wrong', async () => {
    const bad = ['x', '', with_({ n: 1_000 }), with_({ epoch: 'zz' }), with_({ check: 'zzzz' })];
    for (const text of bad) {
      expect(await refusal(before(text)), text).toMatchObject({ code: 'invalid', status: 400, field: 'cursor' });
    }
    expect(await refusal(before(first, 'nobody'))).toMatchObject({ code: 'invalid', field: 'cursor' });
  });

  it('goes through a list once, newest first', async () => {
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await core.inbox.list(reader(), { filter: 'all', before: await before(cursor), limit: 1 });
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(titles).toEqual(['2', '1', '0']);
  });
});
