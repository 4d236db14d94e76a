import { draft, reader } from '@belfry/contract-tests/samples';
import { createCore, DEFAULT_RETENTION, type LogEvent, logName, newId, type Retention, type Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startChild } from './support/child.ts';
import { inFolder } from './support/folder.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  sqlOn,
  type TestServer,
} from './support/postgres-server.ts';

const HOUR = 3_600_000;
const PATIENCE = { timeout: 30_000, interval: 20 };
const TENANT = 'acme';
const ADA = reader(TENANT, 'ada');
/** A sweep takes 500 in a step, and is killed in its second. */
const ITEMS = 1_200;
const BATCHES = 20;

const POLICIES: [string, Retention][] = [
  ['age', { ...DEFAULT_RETENTION, maxAgeMs: -HOUR, inboxMs: -HOUR }],
  ['size', { ...DEFAULT_RETENTION, maxBytes: 3_000, inboxItems: 100 }],
];

/** Where a database is, how to open it, and when the processes that died have let go of it. */
interface Place {
  address: string;
  open(): Promise<Store>;
  isFree(): Promise<boolean>;
}

describe('a process killed while it sweeps on SQLite', () => {
  test.each(POLICIES)('by %s leaves all whole, and another one goes on where it stopped', (_by, retention) =>
    inFolder((dir) =>
      resumes({ address: dir, open: () => openSqliteStore({ dir }), isFree: async () => true }, retention),
    ),
  );

  test('by what runs hold together leaves all whole, and another one deletes what is left and no more', () =>
    inFolder((dir) => resumesRuns({ address: dir, open: () => openSqliteStore({ dir }), isFree: async () => true })));
});

describe.skipIf(isMissing(POSTGRES))('a process killed while it sweeps on Postgres', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await anyServer();
  });
  afterAll(() => server?.dispose());

  async function inDatabase(use: (url: string) => Promise<void>): Promise<void> {
    const url = await makeDatabase(server.url);
    await use(url).finally(() => dropDatabase(server.url, url));
  }

  const sessions = (url: string, which: string) =>
    sqlOn(
      url,
      `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${which}`,
    );

  const placeOf = (url: string): Place => ({
    address: url,
    open: () => openPostgresStore({ url }),
    isFree: async () => (await sessions(url, 'true')).length === 0,
  });

  test.each(POLICIES)('by %s leaves all whole, and another one goes on where it stopped', (_by, retention) =>
    inDatabase((url) => resumes(placeOf(url), retention)),
  );

  test('by what runs hold together leaves all whole, and another one deletes what is left and no more', () =>
    inDatabase((url) => resumesRuns(placeOf(url))));

  test('in the middle of a transaction has deleted nothing, and holds up the others no longer', () =>
    inDatabase(async (url) => {
      const store = await openPostgresStore({ url });
      await store.commit('publish', { tenant: TENANT, drafts: [draft(), draft(), draft()] });
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      // What it comes to after the deletion.
      await foreign.query('begin; lock table belfry.webhooks in access exclusive mode');
      const child = startSweep(url, POLICIES[0]?.[1] as Retention, 'retain');
      await vi.waitUntil(async () => (await sessions(url, STUCK)).length > 0, PATIENCE);
      child.process.kill('SIGKILL');
      await child.ended();
      await foreign.query('rollback');
      await foreign.end();
      expect(await numbers(store, TENANT)).toEqual([1, 2, 3]);
      const step = { maxAgeMs: -HOUR, maxBytes: 1e12, limit: 100 };
      await vi.waitUntil(async () => (await store.commit('retain', step)).out.deleted > 0, PATIENCE);
      expect(await numbers(store, TENANT)).toEqual([3]);
      await store.close();
    }));
});

const STUCK = "wait_event_type = 'Lock' and query like '%webhooks%'";

/** One dies while it deletes events, another while it withdraws items; the third does all that is left. */
async function resumes(place: Place, retention: Retention): Promise<void> {
  const within = async <Result>(use: (store: Store) => Promise<Result>) => {
    await vi.waitUntil(() => place.isFree(), PATIENCE);
    const store = await place.open();
    return use(store).finally(() => store.close());
  };
  const run = await within(fill);
  await killIn('retain', place, retention);
  expect(await within(kept)).toMatchObject({ events: expect.toSatisfy(isBetween(1, ITEMS)), items: ITEMS });
  await killIn('forget', place, retention);
  expect(await within(kept)).toMatchObject({ items: expect.toSatisfy(isBetween(100, ITEMS - 400)) });
  await within(async (store) => {
    const { sweeper } = createCore({ store, announce: () => {}, retention });
    sweeper.start();
    const left = retention.inboxMs < 0 ? 0 : retention.inboxItems;
    await vi.waitUntil(async () => (await items(store)) === left, PATIENCE);
    await sweeper.stop();
    expect(await kept(store)).toMatchObject({ items: left });
    const lines = await numbers(store, logName({ tenant: TENANT, run }));
    expect(lines.length).toBeLessThan(BATCHES);
    expect(lines.at(-1)).toBe(BATCHES);
  });
}

/** One dies while it deletes what the runs of a tenant hold too much of; the next deletes what is left, and no more. */
async function resumesRuns(place: Place): Promise<void> {
  const retention = { ...DEFAULT_RETENTION, maxRunBytes: 100_000 };
  const within = async <Result>(use: (store: Store) => Promise<Result>) => {
    await vi.waitUntil(() => place.isFree(), PATIENCE);
    const store = await place.open();
    return use(store).finally(() => store.close());
  };
  const logs = await within(fillRuns);
  await killIn('retainRuns', place, retention);
  expect(await within((store) => bytesOf(store, logs))).toBeGreaterThan(retention.maxRunBytes);
  await within(async (store) => {
    const { sweeper } = createCore({ store, announce: () => {}, retention });
    sweeper.start();
    await vi.waitUntil(async () => (await bytesOf(store, logs)) <= retention.maxRunBytes, PATIENCE);
    await sweeper.stop();
    expect(await bytesOf(store, logs)).toBeGreaterThan(retention.maxRunBytes - 500);
    for (const log of logs) {
      const kept = await numbers(store, log);
      expect(kept).toEqual(kept.map((_, index) => RUN_BATCHES - kept.length + index + 1));
    }
  });
}

/** Of each of the runs. Together the sweep takes more than three steps over them. */
const RUN_BATCHES = 700;

async function fillRuns(store: Store): Promise<string[]> {
  const logs = await Promise.all([1, 2, 3].map(async () => logName({ tenant: TENANT, run: await newRun(store) })));
  const lines = [{ text: 'x'.repeat(300), level: 'info', time: null }];
  for (const log of logs) {
    await Promise.all(Array.from({ length: RUN_BATCHES }, () => store.commit('appendLines', { log, lines })));
  }
  return logs;
}

/** Data, and each address twice; without the newest of each. */
async function bytesOf(store: Store, logs: readonly string[]): Promise<number> {
  const events = await Promise.all(logs.map(async (log) => (await everyEvent(store, log)).slice(0, -1)));
  return events.flat().reduce((sum, { data, to }) => sum + data.length + 2 * JSON.stringify(to).length, 0);
}

/** A full inbox and the log of a run; the run's id. */
async function fill(store: Store): Promise<string> {
  for (const drafts of [600, ITEMS - 600].map((count) => Array.from({ length: count }, () => draft()))) {
    await store.commit('publish', { tenant: TENANT, drafts });
  }
  const id = await newRun(store);
  const lines = [{ text: 'x'.repeat(300), level: 'info', time: null }];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    await store.commit('appendLines', { log: logName({ tenant: TENANT, run: id }), lines });
  }
  return id;
}

async function newRun(store: Store): Promise<string> {
  const run = { to: ['all'], kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
  return (await store.commit('createRun', { tenant: TENANT, draft: { ...run, id: newId(Date.now()) } })).out.run.id;
}

/** Does not sweep beyond the second step of this work, so that something is left over, and dies in the middle of it. */
async function killIn(work: 'retain' | 'retainRuns' | 'forget', place: Place, retention: Retention): Promise<void> {
  await vi.waitUntil(() => place.isFree(), PATIENCE);
  const child = startSweep(place.address, retention, work);
  await child.line('begins 2');
  child.process.kill('SIGKILL');
  await child.ended();
}

const startSweep = (address: string, retention: Retention, work: string) =>
  startChild('sweep-and-halt', [address, JSON.stringify(retention), work, '2']);

/** How many events and items there are. The log is unbroken, and the counts are those of the items. */
async function kept(store: Store): Promise<{ events: number; items: number }> {
  const events = await numbers(store, TENANT);
  expect(events).toEqual(events.map((_, index) => (events[0] as number) + index));
  const left = await items(store);
  const { unread } = await store.read('counts', { reader: ADA });
  expect(unread).toBe(Math.min(left, 1_000));
  return { events: events.length, items: left };
}

async function items(store: Store): Promise<number> {
  const query = { filter: 'all', before: null, limit: 2 * ITEMS } as const;
  return (await store.read('inbox', { reader: ADA, query })).items.length;
}

async function numbers(store: Store, tenant: string): Promise<number[]> {
  return (await everyEvent(store, tenant)).map(({ n }) => n);
}

async function everyEvent(store: Store, log: string): Promise<LogEvent[]> {
  const all = { after: 0, upTo: 1e9, grants: EVERYTHING, limit: 1e6, maxBytes: 1e12 };
  return (await store.read('readLog', { log, ...all })).events;
}

const isBetween = (low: number, high: number) => (value: number) => value > low && value < high;
