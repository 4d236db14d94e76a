import type { Reader, Reads } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { inboxQuery, mark, markUpTo, publish, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { ask, askAs } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

const LIMIT = 5;
const PAST = Date.now() - 3_600_000;

/** What many begin with who come at once is answered together: each gets what they would get alone. */
export function stateSuite(open: SharedStore): void {
  describe('states asked for at the same time', () => {
    const store = () => open().store;
    const state = (who: Reader) => store().read('state', { reader: who, limit: LIMIT });

    /** People who differ in all that decides what is theirs. */
    async function crowd(tenant: string): Promise<Reader[]> {
      const items = await publish(
        store(),
        tenant,
        ...Array.from({ length: 4 }, (_, n) => ({ to: ['all'], title: `all ${n}` })),
        { to: ['all'], title: 'over', expiresAt: '2001-01-01T00:00:00.000Z' },
        { to: ['all', 'user:ada', 'topic:news'], title: 'three ways' },
        { to: ['topic:news'], type: 'news', title: 'news' },
        { to: ['topic:products/1'], title: 'product' },
        { to: ['role:editor', 'user:ben'], title: 'editors' },
        ...Array.from({ length: 8 }, (_, n) => ({ to: ['user:mia', 'user:zoe'], title: `many ${n}` })),
        ...Array.from({ length: LIMIT }, (_, n) => ({ to: ['user:leo'], title: `leo ${n}` })),
      );
      const named = (title: string) => items.filter((item) => item.title === title);
      const all = { roles: ['editor'], channels: ['topic:news', 'topic:products/*'] };
      const people = {
        ada: reader(tenant, 'ada', all),
        phone: reader(tenant, 'ada'),
        ben: reader(tenant, 'ben', { roles: ['editor'] }),
        eve: { ...reader(tenant, 'eve', { channels: ['topic:news'] }), types: ['news'] },
        ida: reader(tenant, 'ida', { channels: ['topic:none'], since: Date.now() + 60_000 }),
        joe: reader(tenant, 'joe', { since: PAST }),
        kim: reader(tenant, 'kim'),
        leo: reader(tenant, 'leo'),
        mia: reader(tenant, 'mia'),
        zoe: reader(tenant, 'zoe', { since: Date.now() + 60_000 }),
        narrow: { ...reader(tenant, 'ada', all), only: ['topic:news'] },
      };
      await mark(store(), people.ada, 'read', ...named('all 1'));
      await mark(store(), people.ben, 'archived', ...named('all 2'), ...named('editors'));
      await mark(store(), people.mia, 'archived', ...named('many 3'), ...named('many 7'));
      await markUpTo(store(), people.joe, 'read');
      await markUpTo(store(), people.kim, 'archived');
      await mark(store(), people.kim, 'unarchived', ...named('all 3'));
      await markUpTo(store(), people.eve, 'seen', null, ['news']);
      await store().commit('grant', { tenant, user: 'leo', channel: 'topic:news' });
      await store().commit('revoke', { tenant, user: 'ben', channel: 'role:editor' });
      await store().commit('revokeChannel', { tenant, channel: 'topic:products/1' });
      await publishOne(store(), tenant, { to: ['user:joe'], title: 'after' });
      await ask(store(), tenant, { to: ['topic:news'] });
      await ask(store(), tenant, { to: ['user:mia'] });
      await askAs(store(), tenant, 'kim');
      const draft = { kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
      for (const to of [['role:editor'], ['topic:products/2', 'user:zoe']]) {
        await store().commit('createRun', { tenant, draft: { ...draft, id: crypto.randomUUID(), to } });
      }
      return Object.values(people);
    }

    test('are each what one would get alone, of one moment', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const people = [...(await crowd(tenant)), ...(await crowd(other)), reader(newTenant(), 'ada')];
      const alone: Reads['state']['out'][] = [];
      for (const who of people) alone.push(await state(who));
      expect(await Promise.all(people.map(state))).toEqual(alone);
      expect(new Set(alone.slice(0, 11).map(({ at }) => at.n)).size).toBe(1);
    });

    test('hold the inbox, counts, questions and runs that lists say are theirs', async () => {
      const tenant = newTenant();
      const people = await crowd(tenant);
      const states = await Promise.all(people.map(state));
      for (const [index, who] of people.entries()) {
        const { notifications, questions, runs } = states[index] as Reads['state']['out'];
        expect(notifications).toEqual(
          await store().read('inbox', { reader: who, query: inboxQuery({ limit: LIMIT }) }),
        );
        const query = { before: null, limit: 50 };
        const open = await store().read('questions', { tenant, reader: who, query: { ...query, statuses: ['open'] } });
        expect(questions.map(({ id }) => id)).toEqual(open.items.map(({ id }) => id));
        expect(runs).toEqual((await store().read('runs', { tenant, reader: who, query })).items);
      }
      const sizes = states.map(({ notifications, questions, runs }) => [
        notifications.items.length,
        notifications.nextCursor === null,
        questions.length,
        runs.length,
      ]);
      // So that it is known to have compared something: whole pages and parts, with and without work.
      expect(new Set(sizes.map(String)).size).toBeGreaterThan(6);
    });

    test('are of the moment after a commit that was answered before, also in the midst of others', async () => {
      const tenant = newTenant();
      await publishOne(store(), tenant, { to: ['all'] });
      for (let round = 1; round <= 10; round += 1) {
        const others = Array.from({ length: 20 }, (_, n) => state(reader(tenant, `user${n}`)));
        const one = await publishOne(store(), tenant, { to: ['user:ada'], title: `${round}` });
        const { at, notifications } = await state(reader(tenant, 'ada'));
        expect(at.n).toBeGreaterThanOrEqual(round + 1);
        expect(notifications.items[0]).toMatchObject({ id: one.id, title: `${round}` });
        await Promise.all(others);
      }
    });

    test('stand at the number that they hold everything up to, while others publish', async () => {
      const tenant = newTenant();
      const seen: Promise<Reads['state']['out']>[] = [];
      const publishing = Array.from({ length: 40 }, async () => {
        await publishOne(store(), tenant, { to: ['all'] });
        for (let n = 0; n < 3; n += 1) seen.push(store().read('state', { reader: reader(tenant, `u${n}`), limit: 50 }));
      });
      await Promise.all(publishing);
      for (const { at, notifications } of await Promise.all(seen)) {
        expect(notifications.items).toHaveLength(at.n);
        expect(notifications.unread).toBe(at.n);
      }
    });
  });
}
