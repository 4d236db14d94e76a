import { describe, expect, test } from 'vitest';
import type { BusHarness, SharedEngine } from './harness.ts';
import { newTenant } from './member.ts';
import type { Members } from './members.ts';
import { throughPort } from './members.ts';

const LIMIT_MS = 2_000;

export function closingSuite(open: Members, harness: BusHarness, engine: SharedEngine): void {
  // A driver gives up after 1.5 s: what a busy machine adds may be more than the rest.
  describe('closing', { retry: 2 }, () => {
    const closedWithin = async (close: () => Promise<void>) => {
      const started = performance.now();
      await close();
      expect(performance.now() - started).toBeLessThan(LIMIT_MS);
    };

    test('what was said before it is heard', async () => {
      const [one, two] = [await open.member(), await open.member()];
      const tenant = newTenant();
      await two.bus.follow({ tenant });
      one.publish(tenant, 1);
      await closedWithin(() => one.bus.close());
      await two.hears(tenant, 1);
    });

    test('it is done once, and what comes later does nothing', async () => {
      const one = await open.member();
      await one.bus.close();
      one.publish(newTenant(), 1);
      await one.bus.follow({ tenant: newTenant() });
      one.bus.unfollow({ tenant: newTenant() });
      await closedWithin(() => one.bus.close());
      expect(one.told).toEqual([]);
    });

    test.runIf(harness.takesProxies)(
      'a connection that nothing passes through any more does not hold it up',
      async () => {
        const { member, proxy } = await open.proxied();
        proxy.stall();
        for (let n = 1; n < 50; n += 1) member.publish(newTenant(), n);
        await closedWithin(() => member.bus.close());
        proxy.heal();
        await expect.poll(() => proxy.open).toBe(0);
      },
    );

    test.runIf(harness.takesProxies)(
      'neither does one that is being replaced, by an engine that refuses or by one that is silent',
      async () => {
        for (const fault of ['refuse', 'stall'] as const) {
          const { member, proxy } = await open.proxied();
          proxy[fault]();
          proxy.cut();
          await member.until(() => member.told.includes('lost'), 'the loss');
          await new Promise((resolve) => setTimeout(resolve, 400));
          await closedWithin(() => member.bus.close());
          proxy.heal();
          await expect.poll(() => proxy.open).toBe(0);
        }
      },
    );
  });

  describe('a start', () => {
    const opened = (url: string) => harness.open(url, { place: 'e1', observer: {}, probeMs: 1_000 });

    test('without an engine fails with one sentence that says where it was looked for', async () => {
      const url = new URL(throughPort(engine().url, 9));
      url.username = 'someone';
      url.password = 'a-secret';
      const error = await opened(url.href).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'BelfryError', code: 'unavailable' });
      expect((error as Error).message).toMatch(/127\.0\.0\.1:9\b/);
      expect((error as Error).message).not.toContain('\n');
      expect(inspected(error)).not.toContain('a-secret');
    });
  });
}

/** Everything of an error that a log could show. */
export function inspected(error: unknown): string {
  const { message, stack, cause } = error as Error;
  return `${message} ${stack} ${JSON.stringify(error)} ${cause === undefined ? '' : inspected(cause)}`;
}
