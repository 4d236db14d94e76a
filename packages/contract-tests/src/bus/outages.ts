import { describe, expect, test } from 'vitest';
import type { BusHarness, SharedEngine } from './harness.ts';
import { type Member, newTenant } from './member.ts';
import type { Members } from './members.ts';

/** Short enough for a test, and long enough for a busy machine to answer in. */
const PROBE_MS = 500;

export function outageSuite(open: Members, engine: SharedEngine, { takesProxies }: BusHarness): void {
  describe('an outage', () => {
    /** That they hear each other, both ways. */
    const connected = async (one: Member, two: Member, n: number) => {
      for (const [from, to] of [
        [one, two],
        [two, one],
      ] as const) {
        const tenant = newTenant();
        await to.bus.follow({ tenant });
        from.publish(tenant, n);
        await to.hears(tenant, n);
      }
    };
    const reconnects = (member: Member, count = 1) =>
      member.until(() => member.told.filter((what) => what === 'reconnect').length >= count, `${count} reconnects`);

    test('the engine is restarted: all come back, are told so once, and hear what they followed', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const [before, during] = [newTenant(), newTenant()];
      await two.bus.follow({ tenant: before });
      one.publish(before, 1);
      await two.hears(before, 1);
      await engine().stop();
      await two.until(() => two.told.includes('lost'), 'the loss');
      await two.bus.follow({ tenant: during });
      one.publish(before, 2);
      await new Promise((resolve) => setTimeout(resolve, 700));
      await engine().start();
      for (const member of [one, two]) await reconnects(member);
      one.publish(before, 3);
      one.publish(during, 3);
      await two.hears(before, 3);
      await two.hears(during, 3);
      for (const member of [one, two]) {
        expect(member.told).toEqual(['lost', 'back', 'reconnect']);
        expect(member.bus.counters.reconnects).toBe(1);
      }
      // The first was heard, and the engine may have stopped before it said so.
      expect(one.bus.counters.lost + one.bus.counters.failed).toBeGreaterThanOrEqual(1);
    });

    test.runIf(takesProxies)('connections are cut: they are made anew, every time', async () => {
      const [{ member: one, proxy }, two] = [await open.proxied(), await open.member()];
      for (const count of [1, 2, 3]) {
        proxy.cut();
        await reconnects(one, count);
        await connected(one, two, count);
      }
      expect(one.bus.counters.reconnects).toBe(3);
      expect(one.told).toEqual(Array(3).fill(['lost', 'back', 'reconnect']).flat());
      expect(two.told).toEqual([]);
    });

    test.runIf(takesProxies)(
      'the engine refuses for a while: it is told of once, and tried until it takes them',
      async () => {
        const [{ member: one, proxy }, two] = [await open.proxied(), await open.member()];
        proxy.refuse();
        proxy.cut();
        await one.until(() => one.told.includes('lost'), 'the loss');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        expect(one.told).toEqual(['lost']);
        proxy.heal();
        await reconnects(one);
        await connected(one, two, 1);
        expect(one.told).toEqual(['lost', 'back', 'reconnect']);
      },
    );

    for (const way of ['toServer', 'toClient'] as const) {
      test.runIf(takesProxies)(`a connection is silent ${way}: it is found out and replaced`, async () => {
        const [{ member: one, proxy }, two] = [await open.proxied({ probeMs: PROBE_MS }), await open.member()];
        await connected(one, two, 1);
        proxy.stall(way);
        await one.until(() => one.told.includes('lost'), 'the loss');
        proxy.heal();
        await reconnects(one);
        await connected(one, two, 2);
        expect(one.told).toEqual(['lost', 'back', 'reconnect']);
      });
    }

    // An answer that the machine holds up for a tenth of a second is a silence.
    test('a busy connection is not taken for a silent one, and an idle one is kept', { retry: 2 }, async () => {
      const [one, two] = [await open.member({ probeMs: 100 }), await open.member({ probeMs: 100 })];
      const tenant = newTenant();
      await two.bus.follow({ tenant });
      for (let n = 1; n <= 20; n += 1) {
        one.publish(tenant, n);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await two.hears(tenant, 20);
      expect([...one.told, ...two.told]).toEqual([]);
    });
  });
}
