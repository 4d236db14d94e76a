import type { NewNotification } from '@belfry/protocol/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore, person, service, type TestCore } from './support.ts';

let core: TestCore;
beforeAll(async () => {
  core = await openCore();
});
afterAll(() => core.end());

const full = {
  to: ['user:ada', 'topic:x', 'all'],
  type: 'comment',
  title: 'A "quoted" title }} with \u2028 and 😀',
  data: { '}}': [null, { a: '"},{"' }] },
  dedupeKey: 'one',
} as NewNotification;
const least = { to: ['role:admin'], type: 'comment', title: 'Hello' } as NewNotification;

describe('the text of what was published', () => {
  it('is the very text that its value would be written as, to services and to people', async () => {
    for (const [principal, body] of [
      [service(), full],
      [service(), least],
      [person('ada'), { ...full, to: undefined }],
    ] as const) {
      const { value, json } = await core.notifications.publish(principal, body);
      expect(json?.join('')).toBe(JSON.stringify(value));
    }
  });

  it('is so of a batch of several pieces', async () => {
    const bodies = Array.from({ length: 150 }, (_, index) => ({ ...least, title: `Nr. ${index} – é 😀` }));
    const { value, json } = await core.notifications.publishBatch('default', bodies);
    expect(json?.length).toBeGreaterThan(2);
    expect(json?.join('')).toBe(JSON.stringify(value));
  });

  it('leaves out what the same batch withdrew', async () => {
    const { value, json } = await core.notifications.publishBatch('default', [full, least, full]);
    expect(value).toHaveLength(3);
    expect(json?.join('')).toBe(JSON.stringify(value));
  });

  it('is absent from a first answer that is given again', async () => {
    const idempotency = { key: 'k', fingerprint: 'f' };
    await core.notifications.publishBatch('default', [least], idempotency);
    const again = await core.notifications.publishBatch('default', [least], idempotency);
    expect(again).toMatchObject({ replayed: true });
    expect(again.json).toBeUndefined();
    const single = { key: 's', fingerprint: 'f' };
    await core.notifications.publish(service(), least, single);
    expect((await core.notifications.publish(service(), least, single)).json).toBeUndefined();
  });
});
