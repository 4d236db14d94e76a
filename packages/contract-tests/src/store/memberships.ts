import { LIMITS } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import type { SharedStore } from './harness.ts';
import { newTenant } from './samples.ts';

const TICKETS = Array.from({ length: LIMITS.memberships }, (_, at) => `topic:ticket/${at}`);

export function membershipSuite(open: SharedStore): void {
  describe('memberships', () => {
    test('of one person are so many at most; what is taken from everybody leaves room', async () => {
      const { store } = open();
      const tenant = newTenant();
      const grant = (channel: string) => store.commit('grant', { tenant, user: 'ada', channel });
      await Promise.all(TICKETS.map(grant));
      await expect(grant('topic:more')).rejects.toMatchObject({ code: 'invalid', field: 'channel' });
      await store.commit('revokeChannel', { tenant, channel: 'topic:ticket/0' });
      await grant('topic:more');
      const held = await store.read('memberships', { tenant, of: { user: 'ada' }, after: null, limit: 2 });
      expect(held.map(({ channel }) => channel)).toEqual(['topic:more', 'topic:ticket/1']);
      await expect(grant('topic:still-more')).rejects.toMatchObject({ code: 'invalid', field: 'channel' });
    });
  });
}
