import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { createServer } from '@belfry/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResources, surplus } from '../src/leaks/resources.ts';
import { castOf } from '../src/torture/cast.ts';
import { HANGUPS } from '../src/torture/hangups.ts';
import { settledHeap } from '../src/torture/memory.ts';
import { pause, until } from '../src/torture/pause.ts';
import { post } from '../src/torture/post.ts';
import { drawPublish } from '../src/torture/publish.ts';
import { chosenSeed, Random } from '../src/torture/random.ts';
import { tokenFor } from '../src/torture/target.ts';

const apiKey = 'torture-torture-torture-torture';
const jwtSecret = 'a secret that is long enough for HS256';
const ROUNDS = 5;
const CALLERS = 20;
/** Only what stays for good takes as long. */
const PATIENCE_MS = 30_000;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belfry-hangups-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('however clients leave, nothing of them stays: no stream, handle, timer, thread or memory', {
  timeout: 180_000,
}, async () => {
  const seed = chosenSeed();
  const random = new Random(seed);
  const before = openResources();
  const store = await openSqliteStore({ dir });
  const server = createServer({ store, auth: { apiKey, jwt: { secret: jwtSecret } }, drainMs: 100 });
  const { url } = await server.listen('127.0.0.1', 0);
  const target = { url, apiKey, jwtSecret };
  const cast = castOf(random, CALLERS);
  const heaps: number[] = [];
  let left: Socket[] = [];

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const socket of left) socket.destroy();
    await until(() => server.hub.stats.streams + server.hub.stats.polls === 0, PATIENCE_MS);
    expect(server.hub.stats).toMatchObject({ streams: 0, polls: 0 });
    const callers = cast.members.flatMap((member) => {
      const token = tokenFor(target, member);
      return random.shuffled(Object.values(HANGUPS)).map((hangup) => hangup(target, token, random));
    });
    await Promise.all(
      cast.members.map((_, index) => post(target, drawPublish(random, cast, `${round} ${index}`), null)),
    );
    left = (await Promise.all(callers)).filter((socket) => socket !== null);
    await pause(200);
    heaps.push(settledHeap());
  }
  for (const socket of left.slice(0, left.length / 2)) socket.destroy();
  await server.stop();
  await store.close();
  expect(server.hub.stats).toEqual({ streams: 0, polls: 0, tenants: 0, runs: 0 });
  for (const socket of left) socket.destroy();

  await until(() => surplus(before, openResources()).length === 0, PATIENCE_MS);
  expect(surplus(before, openResources()), `BELFRY_SEED=${seed}`).toEqual([]);
  expect((heaps.at(-1) as number) - (heaps[1] as number), `heap after each round: ${heaps}`).toBeLessThan(4e6);
});
