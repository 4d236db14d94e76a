import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { BusHarness } from './harness.ts';
import { event, newTenant } from './member.ts';
import type { Members } from './members.ts';

const MEGABYTE = 1_048_576;

export function limitSuite(open: Members, { takesProxies }: BusHarness): void {
  describe('limits', () => {
    test.runIf(takesProxies)(
      'an engine that takes nothing more fills no memory, and holds up nobody',
      { retry: 2 },
      async () => {
        const { member: one, proxy } = await open.proxied();
        const two = await open.member();
        const tenant = newTenant();
        await two.bus.follow({ tenant });
        one.publish(tenant, 1);
        await two.hears(tenant, 1);
        proxy.stall();
        const before = used();
        const took: number[] = [];
        for (let n = 2; n <= 1_000; n += 1) {
          const started = performance.now();
          one.bus.publish([event(tenant, n, JSON.stringify('x'.repeat(200_000))), event(`${tenant}-${n}`, 1)]);
          took.push(performance.now() - started);
          await new Promise((resolve) => setImmediate(resolve));
        }
        // Not the slowest: what the machine has to do besides can hold up a few of a thousand.
        expect(took.sort((a, b) => b - a)[9]).toBeLessThan(250);
        expect(used() - before).toBeLessThan(40 * MEGABYTE);
        proxy.heal();
        one.publish(tenant, 5_000);
        await two.until(() => (two.numbers(tenant).at(-1) ?? 0) >= 999, 'something said after it');
      },
    );
  });
}

/** After everything that nobody holds has been dropped. */
function used(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
