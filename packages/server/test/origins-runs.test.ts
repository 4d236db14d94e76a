import { Caller } from '@belfry/contract-tests/http';
import { isMissing, REDIS, type Service, startRedis } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import type { Bus } from '@belfry/hub';
import type { Run, RunSnapshotFrame } from '@belfry/protocol';
import { type BelfryServer, createServer } from '@belfry/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** What the test runs of one of the systems that Belfry replaces could do. The names are the lines of its list. */
describe('origins: test runs', () => {
  let test: TestServer;
  let reporter: Caller;
  beforeAll(async () => {
    test = await startServer({ hub: { runHeartbeatMs: 200 } });
    reporter = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
  });
  afterAll(() => test.stop());

  async function person(user: string, claims: Record<string, unknown> = {}): Promise<Caller> {
    return new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: user, ...claims })}` });
  }

  async function begun(): Promise<Run> {
    const made = await reporter.post('/v1/runs', { to: 'topic:workspace-1', kind: 'test-run', title: 'Nightly' });
    const { id } = made.body as Run;
    return (await reporter.patch(`/v1/runs/${id}`, { status: 'running' })).body as Run;
  }

  const member = () => person('ada', { channels: ['topic:workspace-1'] });
  const log = ({ id }: Run, text: string) => reporter.post(`/v1/runs/${id}/logs`, { lines: [{ text }] });
  const finish = ({ id }: Run, patch: object) => reporter.patch(`/v1/runs/${id}`, patch);

  it('C1: one stream a run; 404 for an unknown one and another workspace’s; a token by header, or a ticket', async () => {
    const run = await begun();
    const ada = await member();
    const stranger = await person('ben', { channels: ['topic:workspace-2'] });
    const foreign = await person('ada', { tenant: 'elsewhere', channels: ['topic:workspace-1'] });
    for (const caller of [stranger, foreign]) {
      expect((await caller.get(`/v1/runs/${run.id}/stream`)).status).toBe(404);
    }
    expect((await ada.get('/v1/runs/unknown/stream')).status).toBe(404);
    const { ticket } = (await ada.post('/v1/tickets')).body as { ticket: string };
    for (const stream of [await ada.follow(run), await new Caller(test.url, {}).follow(run, `?ticket=${ticket}`)]) {
      expect(await stream.frame('snapshot')).toMatchObject({ run: { id: run.id } });
      await stream.close();
    }
  });

  it('C2: first a snapshot with logs and signed artifacts; then lines and any event of the app; done ends it', async () => {
    const run = await begun();
    await log(run, 'installing');
    const kept = 'https://storage.example.com/bucket/internal-key/shot.png';
    await finish(run, { artifacts: [{ name: 'shot.png', url: kept }] });
    const stream = await (await member()).follow(run);
    const { logs, run: shown } = await stream.frame<RunSnapshotFrame>('snapshot');
    expect(logs.map(({ text }) => text)).toEqual(['installing']);
    expect(shown.artifacts[0]?.url).toMatch(/^\/v1\/runs\/.*&sig=/);
    await log(run, 'testing');
    const events = [
      { type: 'step.started', data: { name: 'login' } },
      { type: 'screenshot', data: { name: 'shot.png' } },
    ];
    for (const event of events) await reporter.post(`/v1/runs/${run.id}/events`, event);
    const result = { passed: 7, failed: 1, total: 8, testsGenerated: 2 };
    await finish(run, { status: 'failed', result });
    expect(await stream.frame('done')).toEqual({ status: 'failed', message: null, result });
    await stream.end();
    expect(stream.seen.map(({ type }) => type)).toEqual(['run.log', 'step.started', 'screenshot', 'run.updated']);
    for (const message of stream.seen) expect(Object.keys(message).sort()).toEqual(['data', 'id', 'time', 'type']);
    expect(JSON.stringify(stream.blocks)).not.toContain('internal-key');
  });

  it('C3: a finished run is snapshot, done and the end; also for one who comes back after the connection dropped', async () => {
    const ada = await member();
    for (const status of ['succeeded', 'failed', 'cancelled']) {
      const run = await begun();
      const dropped = await ada.follow(run);
      await dropped.frame('snapshot');
      await log(run, 'seen');
      await dropped.messages(1);
      await dropped.close();
      await log(run, 'missed');
      await finish(run, { status });
      const fresh = await ada.follow(run);
      await fresh.end();
      expect(fresh.blocks.flatMap(({ event }) => event ?? [])).toEqual(['snapshot', 'done']);
      const back = await ada.follow(run, '', { headers: { 'last-event-id': dropped.lastId } });
      await back.end();
      expect(back.seen.map(({ type }) => type)).toEqual(['run.log', 'run.updated']);
      expect(await back.frame('done')).toMatchObject({ status });
      const over = await ada.follow(run, '', { headers: { 'last-event-id': back.lastId } });
      expect(over.response.status).toBe(204);
      await over.end();
    }
  });

  it('C4: a run is followed from its first listener on, until its last has gone or it is done; no echo', async () => {
    const run = await begun();
    const runs = () => test.server.hub.stats.runs;
    await until(() => runs() === 0, 'no run to be followed');
    const [one, two] = [await reporter.follow(run), await (await member()).follow(run)];
    for (const stream of [one, two]) await stream.frame('snapshot');
    expect(runs()).toBe(1);
    await log(run, 'once');
    await finish(run, { status: 'succeeded' });
    for (const stream of [one, two]) {
      await stream.end();
      expect(stream.seen.filter(({ type }) => type === 'run.log')).toHaveLength(1);
    }
    // Not after the 10 s that a run which goes on is kept for.
    await until(() => runs() === 0, 'the run to be left', 8_000);
  });

  describe.skipIf(isMissing(REDIS))('over two servers and Redis', () => {
    let redis: Service;
    let other: BelfryServer;
    let first: TestServer;
    let buses: Bus[];
    let there: Caller;
    let here: Caller;
    beforeAll(async () => {
      redis = await startRedis();
      buses = await Promise.all([0, 1].map(() => openBus(redis.url, { place: 'origins', probeMs: 500 })));
      first = await startServer({ bus: buses[0] as Bus });
      other = createServer({ store: first.store, bus: buses[1] as Bus, auth: { apiKey: API_KEY }, drainMs: 0 });
      const { url } = await other.listen('127.0.0.1', 0);
      [here, there] = [first.url, url].map((at) => new Caller(at, { authorization: `Bearer ${API_KEY}` })) as [
        Caller,
        Caller,
      ];
    });
    afterAll(async () => {
      await other.stop();
      await first.stop();
      await Promise.all(buses.map((bus) => bus.close()));
      await redis.dispose();
    });

    const newRun = async () => {
      const { body } = await here.post('/v1/runs', { to: 'all', kind: 'test-run', title: 'Nightly' });
      return body as Run;
    };
    const logHere = ({ id }: Run, text: string) => here.post(`/v1/runs/${id}/logs`, { lines: [{ text }] });

    it('C4: what is emitted on any instance reaches listeners on all, once', async () => {
      const run = await newRun();
      const streams = [await here.follow(run), await there.follow(run)];
      for (const stream of streams) await stream.frame('snapshot');
      for (const text of ['one', 'two', 'three']) await logHere(run, text);
      await here.patch(`/v1/runs/${run.id}`, { status: 'succeeded' });
      for (const stream of streams) {
        await stream.end();
        expect(stream.seen.map(({ type }) => type)).toEqual(['run.log', 'run.log', 'run.log', 'run.updated']);
        expect(stream.blocks.at(-1)?.event).toBe('done');
      }
    });

    it('C5: a Redis outage never breaks local delivery', async () => {
      const run = await newRun();
      await redis.stop();
      const stream = await here.follow(run);
      await stream.frame('snapshot');
      await logHere(run, 'without Redis');
      expect((await stream.messages(1))[0]).toMatchObject({ type: 'run.log' });
      await here.patch(`/v1/runs/${run.id}`, { status: 'succeeded' });
      expect(await stream.frame('done')).toMatchObject({ status: 'succeeded' });
      await stream.end();
      await redis.start();
    });
  });

  it('C6: a heartbeat through silent stretches', async () => {
    const run = await begun();
    const stream = await (await member()).follow(run);
    await stream.frame('snapshot');
    await stream.block(({ comment, id }) => comment === 'hb' && id !== undefined, 'a heartbeat');
    await stream.close();
  });
});
