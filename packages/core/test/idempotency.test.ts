import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readerOf } from '../src/index.ts';
import { openCore, person, refusal, service, type TestCore } from './support.ts';

let core: TestCore;
let tenant = 'default';
let tests = 0;
beforeAll(async () => {
  core = await openCore();
});
beforeEach(() => {
  tests += 1;
  tenant = `t${tests}`;
  core.announced.length = 0;
});
afterAll(() => core.end());

const body = { to: ['user:ada'], type: 'a', title: 'x' };
const once = (key: string, fingerprint = 'f', of = tenant) =>
  core.notifications.publish(service({ tenant: of }), body, { key, fingerprint });
const count = async () => (await core.inbox.count(readerOf(person('ada', { tenant }), core.clock.now()))).unread;

describe('the same Idempotency-Key again', () => {
  it('gives the first answer and does nothing', async () => {
    const first = await once('k');
    const second = await once('k');
    expect(first.replayed).toBe(false);
    expect(second.replayed).toBe(true);
    expect(second.value).toEqual(first.value);
    expect(await count()).toBe(1);
    expect(core.announced).toHaveLength(1);
  });

  it('many times at once does it once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => once('k')));
    expect(new Set(answers.map(({ value }) => value.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await count()).toBe(1);
    expect(core.announced).toHaveLength(1);
  });

  it('with another request is a mismatch, and leaves nothing', async () => {
    await once('k');
    expect(await refusal(once('k', 'other'))).toMatchObject({ code: 'idempotency_mismatch', status: 409 });
    expect(await count()).toBe(1);
  });

  it('in another tenant, or after a day, is another one', async () => {
    await once('k');
    expect((await once('k', 'f', 'acme')).replayed).toBe(false);
    core.advance(24 * 3_600_000 + 1_000);
    expect((await once('k')).replayed).toBe(false);
  });

  it('serves a batch and an own event alike', async () => {
    const key = { key: 'b', fingerprint: 'f' };
    const first = await core.notifications.publishBatch(tenant, [body, body], key);
    const again = await core.notifications.publishBatch(tenant, [body, body], key);
    expect(again.replayed).toBe(true);
    expect(again.value).toEqual(first.value);
    const event = { to: ['all'], type: 'x.y', data: { a: 1 } };
    const told = await core.events.publish(tenant, event, { key: 'e', fingerprint: 'f' });
    expect(await core.events.publish(tenant, event, { key: 'e', fingerprint: 'f' })).toEqual({
      ...told,
      replayed: true,
    });
    expect(core.announced).toHaveLength(3);
  });

  it('does not remember what was refused', async () => {
    const late = { ...body, expiresAt: '2020-01-01T00:00:00.000Z' };
    await refusal(core.notifications.publish(service({ tenant }), late, { key: 'k', fingerprint: 'late' }));
    expect((await once('k')).replayed).toBe(false);
  });
});
