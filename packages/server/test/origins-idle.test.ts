import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller, type StreamReader } from '@belfry/contract-tests/http';
import type { Store, Writes } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer } from '@belfry/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, SECRET, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

const STREAMS = 8;
const HEARTBEATS = 3;
const PATIENCE_MS = 30_000;

/** What a process does for itself, whether streams are open or not. */
const OWN_WORK = new Set(['expire', 'fallBack', 'retain', 'forget', 'webhookWork', 'outbox']);

/** What open streams cost while nothing happens. The names are lines of the list of what Belfry replaces. */
describe('origins: idle streams', () => {
  let dir: string;
  let store: Store;
  let calls: string[];
  let present: Set<string>;
  let server: BelfryServer;
  let url: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'belfry-idle-'));
    store = await openSqliteStore({ dir });
    calls = [];
    present = new Set();
  });
  afterEach(async () => {
    await server.stop();
    await store.close();
    await rm(dir, { recursive: true });
  });

  const note = (name: string) => void (OWN_WORK.has(name) || calls.push(name));

  /** @param shared whether it says that other processes write to it too. */
  function counted(shared: boolean): Store {
    return {
      epoch: store.epoch,
      place: store.place,
      shared,
      close: () => store.close(),
      commit: async (name, input, ...rest) => {
        note(name);
        const committed = await store.commit(name, input, ...rest);
        if (name === 'presence') for (const { user } of (input as Writes['presence']['in']).people) present.add(user);
        return committed;
      },
      read: (name, input) => {
        note(name);
        return store.read(name, input);
      },
    };
  }

  async function start(shared: boolean): Promise<void> {
    const auth = { jwt: { secret: SECRET }, apiKey: API_KEY };
    server = createServer({ store: counted(shared), auth, drainMs: 0, hub: { heartbeatMs: 50, lifetimeMs: 0 } });
    ({ url } = await server.listen('127.0.0.1', 0));
  }

  /** Open, live, and written down as present: from here on they are idle. */
  async function idleStreams() {
    const callers = Array.from({ length: STREAMS }, async (_, n) => {
      const token = await tokenFor({ sub: `u${n}`, tenant: `t${n % 4}` });
      return (await new Caller(url, { authorization: `Bearer ${token}` }).stream()).live();
    });
    const streams = await Promise.all(callers);
    await until(() => present.size === STREAMS, 'the streams to be written down', PATIENCE_MS);
    return streams;
  }

  const beats = ({ blocks }: StreamReader) => blocks.filter(({ comment }) => comment === 'hb').length;

  it('D6: an idle stream costs no database query', async () => {
    await start(false);
    const streams = await idleStreams();
    calls.length = 0;
    const before = new Map(streams.map((stream) => [stream, beats(stream)]));
    const since = (stream: StreamReader) => beats(stream) - (before.get(stream) as number);
    await until(() => streams.every((stream) => since(stream) >= HEARTBEATS), 'heartbeats', PATIENCE_MS);
    expect(calls).toEqual([]);
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('D6: where other processes write too it is one query a second for all streams together', async () => {
    await start(true);
    const streams = await idleStreams();
    calls.length = 0;
    const begun = performance.now();
    await until(
      () => calls.filter((name) => name === 'heads').length >= 2,
      'the heads to be asked for twice',
      PATIENCE_MS,
    );
    const seconds = (performance.now() - begun) / 1_000;
    expect(new Set(calls)).toEqual(new Set(['heads']));
    // The first may come at once, and a timer be a little early.
    expect(calls.length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    await Promise.all(streams.map((stream) => stream.close()));
  });
});
