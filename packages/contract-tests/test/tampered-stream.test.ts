import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { encodeSse } from '@belfry/protocol';
import { type BelfryServer, createServer } from '@belfry/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { numberOf } from '../src/torture/check/check-span.ts';
import { judge } from '../src/torture/check/verdict.ts';
import { Ledger } from '../src/torture/ledger.ts';
import { readWholeLog } from '../src/torture/log.ts';
import { until } from '../src/torture/pause.ts';
import { post } from '../src/torture/post.ts';
import { Random } from '../src/torture/random.ts';
import { RawReader } from '../src/torture/readers/raw-reader.ts';
import { type Tampering, tamperingFetch } from '../src/torture/readers/tampering-fetch.ts';
import type { Target } from '../src/torture/target.ts';
import { memberViewer } from '../src/torture/viewer.ts';

const EVENTS = 10;
/** For a busy machine; what is waited for always comes. */
const PATIENCE_MS = 30_000;
const apiKey = 'torture-torture-torture-torture';
const jwtSecret = 'a secret that is long enough for HS256';

let dir: string;
let store: Awaited<ReturnType<typeof openSqliteStore>>;
let server: BelfryServer;
let target: Target;
/** The newest event that is Ben's alone, as a frame. */
let bensFrame = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belfry-tampered-'));
  store = await openSqliteStore({ dir });
  server = createServer({ store, auth: { apiKey, jwt: { secret: jwtSecret } }, drainMs: 0 });
  target = { url: (await server.listen('127.0.0.1', 0)).url, apiKey, jwtSecret };
});
afterEach(async () => {
  await server.stop();
  await store.close();
  await rm(dir, { recursive: true });
});

test('a stream that nobody tampers with is without fault', async () => {
  expect(await faultsOf(fetch)).toEqual([]);
});

test.each<[Tampering, string]>([
  ['drop', 'lost'],
  ['swap', 'misordered'],
  ['repeat', 'doubled'],
  ['misdeliver', 'misdelivered'],
])('a stream that does "%s" to one event of a real server is caught', async (tampering, kind) => {
  expect(await faultsOf(tamperingFetch(tampering, 5, () => bensFrame))).toEqual([kind]);
});

/** Ada reads through `fetcher` while every event to her is followed by one to Ben; what the checker then says. */
async function faultsOf(fetcher: typeof fetch): Promise<string[]> {
  const viewer = memberViewer('ada', target, { user: 'ada', roles: [], channels: [] });
  const reader = new RawReader(target.url, viewer, new Random('tampered'), fetcher);
  const ledger = new Ledger();
  reader.start();
  await until(() => reader.reading.spans.length > 0, PATIENCE_MS);
  const last = await publishToBoth(ledger);
  await until(() => numberOf(reader.reading.position ?? '') >= last, PATIENCE_MS);
  await reader.stop();
  return judge(await readWholeLog(store), ledger, [reader.reading]).faults.map(({ kind }) => kind);
}

/** Answers the number of the last. */
async function publishToBoth(ledger: Ledger): Promise<number> {
  let last = '';
  for (let count = 1; count <= EVENTS; count += 1) {
    const cursor = await publish(ledger, 'user:ben', `ben ${count}`);
    bensFrame = encodeSse({ id: cursor, data: JSON.stringify(envelope('user:ben', `ben ${count}`)) });
    last = await publish(ledger, 'user:ada', `ada ${count}`);
  }
  return numberOf(last);
}

async function publish(ledger: Ledger, to: string, marker: string): Promise<string> {
  const call = {
    path: '/v1/events',
    body: { to, type: 'torture.event', data: { marker } },
    markers: [marker],
    key: null,
  };
  const result = await post(target, call, null);
  ledger.add({ writer: 0, markers: [marker], ...result });
  return result.cursors[0] as string;
}

function envelope(channel: string, marker: string) {
  return { type: 'torture.event', channel, time: new Date(0).toISOString(), data: { marker } };
}
