import { afterAll, beforeAll, describe } from 'vitest';
import { closingSuite } from './closing.ts';
import { deliverySuite } from './delivery.ts';
import type { BusHarness, Engine } from './harness.ts';
import { limitSuite } from './limits.ts';
import { members } from './members.ts';
import { outageSuite } from './outages.ts';

export { inspected } from './closing.ts';
export type { BusHarness, Engine, MemberOptions } from './harness.ts';
export { event, Member, type Opened } from './member.ts';

/** All that a driver must do to be a bus between processes. */
export function busContract(name: string, harness: BusHarness): void {
  describe(name, () => {
    let engine: Engine | undefined;
    beforeAll(async () => {
      engine = await harness.engine();
    }, 60_000);
    afterAll(() => engine?.dispose());
    const shared = () => engine as Engine;
    const open = members(harness, shared);
    deliverySuite(open, harness);
    outageSuite(open, shared, harness);
    limitSuite(open, harness);
    closingSuite(open, harness, shared);
  });
}
