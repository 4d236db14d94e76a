import { describe, expect, test } from 'vitest';
import type { BusHarness } from './harness.ts';
import { event, type Member, newTenant } from './member.ts';
import type { Members } from './members.ts';

/** Every character that a tenant's name may hold. */
const ODD_NAMES = [
  'a.b',
  'a',
  'b',
  'a.b.c',
  'a~b@c|d+e:f-g_h',
  'A.B',
  'a:b',
  'a=2Eb'.replace('=', '-'),
  `x${'.'.repeat(199)}`,
];

export function deliverySuite(open: Members, { carriesEvents }: BusHarness): void {
  describe('delivery', () => {
    /** Says something after all else, and waits until it is heard: what came before has come by then, or never will. */
    const settled = async (from: Member, to: Member) => {
      const tenant = newTenant();
      await to.bus.follow({ tenant });
      from.publish(tenant, 1);
      await to.hears(tenant, 1);
    };

    test('everyone who follows a log hears of what others append to it', async () => {
      const [one, two, three] = [await open.member(), await open.member(), await open.member()];
      const tenant = newTenant();
      for (const member of [one, two, three]) await member.bus.follow({ tenant });
      one.publish(tenant, 1, 2, 3);
      for (const member of [two, three]) await member.hears(tenant, 3);
      two.publish(tenant, 4);
      for (const member of [one, three]) await member.hears(tenant, 4);
      expect(one.bus.counters).toMatchObject({ published: 3, lost: 0, failed: 0 });
    });

    test.runIf(carriesEvents)('events arrive as they were committed', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenant = newTenant();
      await two.bus.follow({ tenant });
      const events = [1, 2].map((n) => event(tenant, n, `{"a":[${n},"\\u0000 \\ud800 é 漢\\n"]}`));
      one.bus.publish(events);
      await two.hears(tenant, 2);
      expect(two.events).toEqual(events);
    });

    test('nobody hears what they said themselves', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenant = newTenant();
      for (const member of [one, two]) await member.bus.follow({ tenant });
      one.publish(tenant, 1);
      await two.hears(tenant, 1);
      await settled(two, one);
      expect(one.numbers(tenant)).toEqual([]);
    });

    test('only what is followed is heard, and no longer than it is followed', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const [followed, other] = [newTenant(), newTenant()];
      await two.bus.follow({ tenant: followed });
      one.publish(followed, 1);
      one.publish(other, 1);
      await two.hears(followed, 1);
      two.bus.unfollow({ tenant: followed });
      await settled(one, two);
      one.publish(followed, 2);
      await settled(one, two);
      expect(two.numbers(followed)).toEqual([1]);
      expect(two.numbers(other)).toEqual([]);
      await two.bus.follow({ tenant: followed });
      one.publish(followed, 3);
      await two.hears(followed, 3);
    });

    test('a log of a run is another topic than its tenant', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenant = newTenant();
      await two.bus.follow({ tenant, run: 'r1' });
      one.publish(tenant, 1);
      await settled(one, two);
      expect(two.numbers(tenant)).toEqual([]);
    });

    test('two databases on one engine do not hear each other', async () => {
      const [one, two] = [await open.member({ place: 'one111' }), await open.member({ place: 'two222' })];
      const witness = await open.member({ place: 'one111' });
      const tenant = newTenant();
      for (const member of [two, witness]) await member.bus.follow({ tenant });
      one.publish(tenant, 1);
      await witness.hears(tenant, 1);
      const [last, other] = [newTenant(), await open.member({ place: 'two222' })];
      await two.bus.follow({ tenant: last });
      other.publish(last, 1);
      await two.hears(last, 1);
      expect(two.numbers(tenant)).toEqual([]);
    });

    test('every tenant has a topic of its own, whatever it is called', async () => {
      const [one, two] = [await open.member(), await open.member()];
      for (const tenant of ODD_NAMES) await two.bus.follow({ tenant });
      for (const [index, tenant] of ODD_NAMES.entries()) one.publish(tenant, index + 1);
      for (const [index, tenant] of ODD_NAMES.entries()) await two.hears(tenant, index + 1);
      for (const [index, tenant] of ODD_NAMES.entries()) expect(two.numbers(tenant)).toEqual([index + 1]);
    });

    test('what one process says of a log is heard in that order, and no more than once', async () => {
      const [one, two, ear] = [await open.member(), await open.member(), await open.member()];
      const tenants = [newTenant(), newTenant()];
      for (const tenant of tenants) await ear.bus.follow({ tenant });
      for (let n = 1; n <= 600; n += 1) {
        one.publish(tenants[0] as string, n);
        two.publish(tenants[1] as string, n);
        if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (const tenant of tenants) {
        await ear.hears(tenant, 600);
        const heard = ear.numbers(tenant);
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        if (carriesEvents) expect(heard).toHaveLength(600);
      }
    });

    test('what is too large for the engine wakes the others instead, and holds up nothing', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenant = newTenant();
      await two.bus.follow({ tenant });
      const large = event(tenant, 2, JSON.stringify('x'.repeat(3_000_000)));
      one.bus.publish([event(tenant, 1), large, event(tenant, 3)]);
      await two.hears(tenant, 3);
      if (carriesEvents) expect(two.numbers(tenant)).toEqual([1, 2, 3]);
      expect(two.events.every(({ n }) => n !== 2)).toBe(true);
      expect(one.bus.counters).toMatchObject({ lost: 0, failed: 0 });
    });

    test('a large batch of one turn arrives whole, and so does one of many tenants', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenants = Array.from({ length: 1_000 }, newTenant);
      const [first] = tenants as [string];
      await Promise.all(tenants.map((tenant) => two.bus.follow({ tenant })));
      one.bus.publish(Array.from({ length: 2_000 }, (_, at) => event(first, at + 1, JSON.stringify('x'.repeat(900)))));
      one.bus.publish(tenants.map((tenant) => event(tenant, 3_000)));
      for (const tenant of tenants) await two.hears(tenant, 3_000);
      if (carriesEvents) expect(two.numbers(first)).toHaveLength(2_001);
    });
  });
}
