import { heldBy, type RecipientCounts, type RecipientPage, type Store } from '@belfry/core';
import {
  BelfryError,
  type Channel,
  type DeliveryStatus,
  firstHeld,
  type Grants,
  grantsOf,
  NOTHING,
  type ServiceNotification,
} from '@belfry/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mark, markUpTo, numberOf, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

/** Each recipient's status by name, as the list has it. */
async function listed(store: Store, tenant: string, id: string, limit = 100): Promise<Map<string, DeliveryStatus>> {
  const found = new Map<string, DeliveryStatus>();
  for (let after: string | null = null; ; ) {
    const page: RecipientPage | null = await store.read('recipients', { tenant, id, after, limit });
    if (page === null) throw new Error('There is no such notification.');
    for (const { user, status } of page.recipients) {
      expect(found.has(user), `${user} twice`).toBe(false);
      found.set(user, status);
    }
    if (page.last === null) return found;
    after = page.last;
  }
}

/** How many have it by each channel, and by each status. */
async function counted(store: Store, tenant: string, id: string, limit: number) {
  const [channels, statuses] = [new Tally(), new Tally()];
  for (let after: string | null = null; ; ) {
    const page: RecipientCounts | null = await store.read('recipientCounts', { tenant, id, after, limit });
    if (page === null) throw new Error('There is no such notification.');
    for (const { channel, status, count } of page.counts) {
      channels.add(channel, count);
      statuses.add(status, count);
    }
    if (page.last === null) return { channels: channels.counts, statuses: statuses.counts };
    after = page.last;
  }
}

class Tally {
  readonly counts: Record<string, number> = {};

  add(key: string, count = 1): void {
    this.counts[key] = (this.counts[key] ?? 0) + count;
  }
}

/** What each person holds, by the rules that streams go by. Times and numbers are one count. */
class Model {
  readonly #tokens = new Map<string, { grants: Grants; issuedAt: number }>();
  readonly #rows: { user: string | null; kind: 'memberships' | 'revocations'; channel: string; n: number }[] = [];
  #time = 0;

  visit(user: string, grants: Grants): Grants {
    this.#time += 1;
    this.#tokens.set(user, { grants, issuedAt: this.#time });
    return this.#held(user) as Grants;
  }

  /** `user` null: everybody. */
  change(kind: 'memberships' | 'revocations', user: string | null, channel: string): void {
    this.#time += 1;
    this.#rows.push({ user, kind, channel, n: this.#time });
  }

  /** How many have it by each channel. */
  recipients(to: readonly Channel[]): Record<string, number> {
    const tally = new Tally();
    const named = to.filter((channel) => channel.startsWith('user:')).map((channel) => channel.slice('user:'.length));
    for (const user of new Set([...this.#tokens.keys(), ...named])) {
      const channel = firstHeld(this.#held(user) ?? { ...NOTHING, exact: [`user:${user}`] }, to);
      if (channel !== null) tally.add(channel);
    }
    return tally.counts;
  }

  #held(user: string): Grants | undefined {
    const token = this.#tokens.get(user);
    if (token === undefined) return undefined;
    const of = (kind: 'memberships' | 'revocations') => {
      const rows = this.#rows.filter((row) => row.kind === kind && (row.user === null || row.user === user));
      return [...new Map(rows.map((row) => [row.channel, { ...row, at: row.n }])).values()];
    };
    const rows = { memberships: of('memberships'), revocations: of('revocations'), invalidatedAt: 0 };
    return heldBy({ user, ...token }, rows);
  }
}

const PEOPLE = ['ada', 'ben', 'cy', 'dan'];
const GRANTS = ['topic:p/x', 'topic:p/y', 'topic:p/*', 'topic:*', 'role:dev'];
const TO: Channel[] = ['all', 'user:ada', 'user:zoe', 'topic:p/x', 'topic:p/y', 'topic:q', 'role:dev'];

const user = fc.constantFrom(...PEOPLE);
const held = fc.subarray(GRANTS);
const step = fc.oneof(
  fc.record({ do: fc.constant('visit' as const), user, held, sent: fc.nat({ max: 20 }), open: fc.nat({ max: 1 }) }),
  fc.record({ do: fc.constant('reach' as const), n: fc.nat({ max: 20 }) }),
  fc.record({ do: fc.constant('publish' as const), to: fc.shuffledSubarray(TO, { minLength: 1 }) }),
  fc.record({ do: fc.constant('grant' as const), user, channel: fc.constantFrom(...GRANTS) }),
  fc.record({ do: fc.constant('revoke' as const), user, channel: fc.constantFrom(...GRANTS) }),
  fc.record({ do: fc.constant('revokeChannel' as const), channel: fc.constantFrom('topic:p/x', 'role:dev') }),
  fc.record({ do: fc.constant('markUpTo' as const), user, held, mark: fc.constantFrom('seen', 'read', 'archived') }),
  fc.record({ do: fc.constant('mark' as const), user, mark: fc.constantFrom('seen', 'read', 'unread', 'archived') }),
  fc.record({ do: fc.constant('ack' as const), user, back: fc.nat({ max: 3 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** One tenant's story: what happens in the store, and beside it in the model. */
class Story {
  readonly tenant = newTenant();
  readonly model = new Model();
  readonly sent: ServiceNotification[] = [];
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async take(one: Step): Promise<void> {
    const [store, tenant, last] = [this.#store, this.tenant, this.sent.at(-1)];
    if (one.do === 'visit') {
      const grants = this.model.visit(one.user, grantsFor(one.user, one.held));
      const people = [{ tenant, user: one.user, grants, open: one.open, sent: one.sent }];
      await store.commit('presence', { process: 'here', people, reached: [] });
    } else if (one.do === 'reach') {
      await store.commit('presence', { process: 'here', people: [], reached: [{ tenant, n: one.n }] });
    } else if (one.do === 'publish') this.sent.push(await publishOne(store, tenant, { to: one.to }));
    else if (one.do === 'grant' || one.do === 'revoke') {
      this.model.change(one.do === 'grant' ? 'memberships' : 'revocations', one.user, one.channel);
      await store.commit(one.do, { tenant, user: one.user, channel: one.channel });
    } else if (one.do === 'revokeChannel') {
      this.model.change('revocations', null, one.channel);
      await store.commit('revokeChannel', { tenant, channel: one.channel });
    } else if (one.do === 'markUpTo') {
      const who = { ...reader(tenant, one.user), grants: grantsFor(one.user, one.held) };
      await markUpTo(store, who, one.mark as 'seen');
    } else if (last === undefined) return;
    else if (one.do === 'mark') {
      const who = { ...reader(tenant, one.user), grants: grantsFor(one.user, ['topic:*', 'role:dev']) };
      await mark(store, who, one.mark as 'seen', last).catch(unlessNotFound);
    } else await store.commit('ack', { tenant, user: one.user, device: 'phone', n: numberOf(last) - one.back });
  }
}

/** It may have been taken from them. */
function unlessNotFound(error: unknown): void {
  if (!(error instanceof BelfryError) || error.code !== 'not_found') throw error;
}

function grantsFor(user: string, held: readonly string[]): Grants {
  const roles = held.filter((one) => one.startsWith('role:')).map((one) => one.slice('role:'.length));
  const channels = held.filter((one) => one.startsWith('topic:'));
  return grantsOf(user, roles, channels);
}

/** Two that know of each other only by their contract: the list goes by names, the counts by whole tables. */
export function recipientSuite(open: SharedStore): void {
  describe('the recipients of a notification', () => {
    test('are who holds it by the rules of access, though away, and are counted as they are listed', async () => {
      const { store } = open();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (steps) => {
          const story = new Story(store);
          for (const one of steps) await story.take(one);
          for (const { id, to } of story.sent) {
            const { channels, statuses } = await counted(store, story.tenant, id, 2);
            expect(channels).toEqual(story.model.recipients(to));
            const tally = new Tally();
            for (const status of (await listed(store, story.tenant, id, 2)).values()) tally.add(status);
            expect(statuses).toEqual(tally.counts);
          }
        }),
        { numRuns: store.shared ? 6 : 15 },
      );
    }, 60_000);

    test('are at once who was given it while away, and no more who lost it, also after they were here again', async () => {
      const { store } = open();
      const tenant = newTenant();
      const here = (user: string, grants: Grants) =>
        store.commit('presence', {
          process: 'here',
          people: [{ tenant, user, grants, open: 0, sent: 0 }],
          reached: [],
        });
      const { id } = await publishOne(store, tenant, { to: ['topic:p/x'] });
      const now = async () => [...(await listed(store, tenant, id)).keys()];
      await here('ada', grantsOf('ada', [], []));
      await here('ben', grantsOf('ben', [], ['topic:p/*']));
      await store.commit('grant', { tenant, user: 'ada', channel: 'topic:p/x' });
      await store.commit('grant', { tenant, user: 'zoe', channel: 'topic:p/x' });
      expect(await now()).toEqual(['ada', 'ben']);
      await store.commit('revoke', { tenant, user: 'ben', channel: 'topic:p/x' });
      expect(await now()).toEqual(['ada']);
      await here('ben', { ...grantsOf('ben', [], ['topic:p/*']), except: ['topic:p/x'] });
      await here('ada', grantsOf('ada', [], ['topic:p/x']));
      expect(await now()).toEqual(['ada']);
      await store.commit('revokeChannel', { tenant, channel: 'topic:p/x' });
      expect(await now()).toEqual([]);
      await here('ada', grantsOf('ada', [], ['topic:p/x']));
      await here('ben', grantsOf('ben', [], ['topic:p/*']));
      expect(await now()).toEqual(['ada', 'ben']);
    });

    test('are those by each of a hundred topics with long names', async () => {
      const { store } = open();
      const tenant = newTenant();
      const topics = Array.from({ length: 100 }, (_, index) => `topic:${'long/'.repeat(35)}${index}`);
      const people = topics.map((topic, index) => {
        const user = `u${String(index).padStart(3, '0')}`;
        return { tenant, user, grants: grantsOf(user, [], [topic]), open: 0, sent: 0 };
      });
      await store.commit('presence', { process: 'here', people, reached: [] });
      const { id } = await publishOne(store, tenant, { to: topics });
      expect((await counted(store, tenant, id, 1_000)).channels).toEqual(
        Object.fromEntries(topics.map((topic) => [topic, 1])),
      );
    });
  });
}
