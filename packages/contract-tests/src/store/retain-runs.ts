import { type LogEvent, logName, newId, type Store } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { everyEvent } from './fixtures.ts';
import { type OpenStore, ownStore, type StoreHarness } from './harness.ts';
import { newTenant } from './samples.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** What the logs of a tenant's runs hold together is bounded: the oldest go. */
export function retainRunsSuite(harness: StoreHarness): void {
  describe('retention of run logs', () => {
    test('deletes nothing at the bound, and the first event of the run that finished first one byte above it', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const [first, second] = [await begun(open, tenant, 3), await begun(open, tenant, 3)];
        await finish(open, second);
        await finish(open, first);
        const held = await heldBy(open.store, first, second);
        await look(open.store);
        expect(await retainRuns(open.store, held)).toBe(0);
        expect(await retainRuns(open.store, held - 1)).toBe(1);
        expect(await numbersOf(open.store, first)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(await numbersOf(open.store, second)).toEqual([2, 3, 4, 5, 6]);
        const kept = await heldBy(open.store, first, second);
        expect(await retainRuns(open.store, kept)).toBe(0);
        const [next] = (await everyEvent(open.store, logName(second))).map(bytesOf);
        expect(await retainRuns(open.store, kept - (next as number))).toBe(1);
      }));

    test('leaves another tenant alone that holds as much as may be', () =>
      ownStore(harness, async (open) => {
        const [full, other] = [await begun(open, newTenant(), 9), await begun(open, newTenant(), 4)];
        await look(open.store);
        const held = await heldBy(open.store, other);
        expect(await retainRuns(open.store, held)).toBeGreaterThan(0);
        expect(await numbersOf(open.store, other)).toEqual([1, 2, 3, 4, 5]);
        expect(await heldBy(open.store, full)).toBeLessThanOrEqual(held);
      }));

    test('comes to unfinished runs last, begins with the oldest line, and leaves the newest event of each', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const [older, finished, younger] = [
          await begun(open, tenant, 3),
          await begun(open, tenant, 3),
          await begun(open, tenant, 3),
        ];
        await finish(open, finished);
        await look(open.store);
        await retainRuns(open.store, await heldBy(open.store, older, younger));
        expect(await numbersOf(open.store, finished)).toEqual([6]);
        expect(await numbersOf(open.store, older)).toEqual([1, 2, 3, 4]);
        await retainRuns(open.store, (await heldBy(open.store, older, younger)) - 1);
        expect(await numbersOf(open.store, older)).toEqual([2, 3, 4]);
        expect(await numbersOf(open.store, younger)).toEqual([1, 2, 3, 4]);
        await retainRuns(open.store, 0);
        expect(await numbersOf(open.store, older)).toEqual([4]);
        expect(await numbersOf(open.store, younger)).toEqual([4]);
        await say(open, older);
        expect(await numbersOf(open.store, older)).toEqual([4, 5]);
      }));

    test('goes on in small steps, over more runs than one step touches', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const runs: Run[] = [];
        for (let made = 0; made < 120; made += 1) runs.push(await begun(open, tenant, 1));
        for (const run of runs) await finish(open, run);
        await look(open.store);
        const steps: number[] = [];
        for (let deleted = -1; deleted !== 0; steps.push(deleted)) {
          deleted = (await open.store.commit('retainRuns', { maxBytes: 0, limit: 50 })).out.deleted;
        }
        expect(Math.max(...steps)).toBe(50);
        expect(steps.reduce((sum, one) => sum + one)).toBe(120 * 3);
        expect(await heldBy(open.store, ...runs)).toBe(0);
      }));

    test('counts at once what went by age, and with its run', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const old = await begun(open, tenant, 3);
        await finish(open, old);
        const forgotten = await begun(open, tenant, 3);
        await finish(open, forgotten);
        open.turnClock(10 * DAY);
        const young = await begun(open, tenant, 3);
        await look(open.store);
        await open.store.commit('retain', { ...NEVER, maxAgeMs: 5 * DAY });
        await open.store.commit('forget', { ...NEVER, inboxMs: 1e12, inboxItems: 1e9, closedMs: 5 * DAY });
        expect(await everyEvent(open.store, logName(old))).toEqual([]);
        expect(await retainRuns(open.store, await heldBy(open.store, young))).toBe(0);
        expect(await retainRuns(open.store, (await heldBy(open.store, young)) - 1)).toBe(1);
      }));

    test('counts what was forgotten before anything of it went by age', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const gone = await begun(open, tenant, 20);
        await finish(open, gone);
        open.turnClock(10 * DAY);
        const kept = await begun(open, tenant, 3);
        await look(open.store);
        await open.store.commit('forget', { ...NEVER, inboxMs: 1e12, inboxItems: 1e9, closedMs: 5 * DAY });
        expect(await retainRuns(open.store, await heldBy(open.store, kept))).toBe(0);
      }));

    test('goes by what it saw of each log, and sees again what came since', () =>
      ownStore(harness, async (open) => {
        const run = await begun(open, newTenant(), 3);
        await look(open.store);
        const held = await heldBy(open.store, run);
        await say(open, run);
        expect(await retainRuns(open.store, held)).toBe(0);
        await look(open.store);
        expect(await retainRuns(open.store, held)).toBeGreaterThan(0);
        expect(await heldBy(open.store, run)).toBeLessThanOrEqual(held);
      }));
  });
}

const NEVER = { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100_000 };

interface Run {
  tenant: string;
  run: string;
}

/** As a sweep does, some logs at a time. */
async function look(store: Store): Promise<void> {
  for (let after: number | null = 0; after !== null; ) {
    const { out }: { out: { next: number | null } } = await store.commit('retain', {
      ...NEVER,
      logs: { after, limit: 50 },
    });
    after = out.next;
  }
}

async function retainRuns(store: Store, maxBytes: number): Promise<number> {
  for (let sum = 0; ; ) {
    const { deleted } = (await store.commit('retainRuns', { maxBytes, limit: 100 })).out;
    if (deleted === 0) return sum;
    sum += deleted;
  }
}

/** A run with so many batches of lines, the first of its events that it is running. */
async function begun(open: OpenStore, tenant: string, batches: number): Promise<Run> {
  const { store, now, turnClock } = open;
  turnClock(HOUR);
  const draft = { id: newId(now()), to: ['user:ada'], kind: 'build', title: 'A build', ...BARE };
  const run = { tenant, run: (await store.commit('createRun', { tenant, draft })).out.run.id };
  await store.commit('changeRun', { tenant, id: run.run, reader: null, change: { status: 'running' } });
  for (let batch = 0; batch < batches; batch += 1) await say(open, run);
  return run;
}

const BARE = { subject: null, data: null, timeoutMs: null };

async function say({ store }: OpenStore, run: Run): Promise<void> {
  await store.commit('appendLines', {
    log: logName(run),
    lines: [{ text: 'é'.repeat(200), level: 'info', time: null }],
  });
}

async function finish({ store, turnClock }: OpenStore, { tenant, run }: Run): Promise<void> {
  turnClock(HOUR);
  await store.commit('changeRun', { tenant, id: run, reader: null, change: { status: 'succeeded' } });
}

async function numbersOf(store: Store, run: Run): Promise<number[]> {
  return (await everyEvent(store, logName(run))).map(({ n }) => n);
}

/** Without the newest of each. */
async function heldBy(store: Store, ...runs: Run[]): Promise<number> {
  const events = await Promise.all(runs.map(async (run) => (await everyEvent(store, logName(run))).slice(0, -1)));
  return events.flat().reduce((sum, event) => sum + bytesOf(event), 0);
}

/** Its data, and each address twice. */
function bytesOf({ data, to }: Pick<LogEvent, 'data' | 'to'>): number {
  return Buffer.byteLength(data) + 2 * JSON.stringify(to).length;
}
