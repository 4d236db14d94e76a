import { Caller } from '@belfry/contract-tests/http';
import type { Artifact, Run } from '@belfry/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

let test: TestServer;
afterEach(() => test.stop());

const service = () => new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
const ada = async () => new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });

async function newRun(more: object = {}): Promise<Run> {
  const { body } = await service().post('/v1/runs', { to: 'user:ada', kind: 'build', title: 'A build', ...more });
  return body as Run;
}

async function newRunning(more: object): Promise<Run> {
  const { body } = await service().patch(`/v1/runs/${(await newRun(more)).id}`, { status: 'running' });
  return body as Run;
}

const read = async ({ id }: Run) => (await service().get(`/v1/runs/${id}`)).body as Run;

describe('a run whose reporter falls silent', () => {
  it('is interrupted within a second of its time, and its followers are told', { retry: 2 }, async () => {
    test = await startServer();
    const run = await newRunning({ heartbeatTimeoutSeconds: 1 });
    const stream = await service().follow(run);
    expect(await stream.frame('done')).toMatchObject({ status: 'interrupted' });
    await stream.end();
    const { startedAt, finishedAt } = await read(run);
    const took = Date.parse(finishedAt as string) - Date.parse(startedAt as string);
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThan(2_000);
  });

  it('is interrupted by whichever process runs when it is due, not by the one it was begun at', async () => {
    test = await startServer();
    const run = await newRunning({ heartbeatTimeoutSeconds: 1 });
    await test.restart();
    const stream = await service().follow(run);
    expect(await stream.frame('done')).toMatchObject({ status: 'interrupted' });
    await stream.end();
  });
});

describe('the address of an artifact', () => {
  it('ends after an hour or two, and then another one is shown', async () => {
    let turned = 0;
    test = await startServer({ clock: { now: () => Date.now() + turned } });
    const run = await newRun();
    await service().patch(`/v1/runs/${run.id}`, { artifacts: [{ name: 'a', url: 'https://example.com/a' }] });
    const shown = async () => {
      const { body } = await (await ada()).get(`/v1/runs/${run.id}`);
      return ((body as Run).artifacts[0] as Artifact).url;
    };
    const statusOf = async (url: string) => (await fetch(test.url + url, { redirect: 'manual' })).status;
    const first = await shown();
    turned = 59 * 60_000;
    expect(await statusOf(first)).toBe(302);
    turned = 121 * 60_000;
    expect(await statusOf(first)).toBe(410);
    // The clock of the test is ahead of the token's end too.
    turned = 0;
    expect(await statusOf(await shown())).toBe(302);
  });

  it('is good after a restart, and with the key before the newest', async () => {
    test = await startServer();
    const run = await newRun();
    await service().patch(`/v1/runs/${run.id}`, { artifacts: [{ name: 'a', url: 'https://example.com/a' }] });
    const { body } = await (await ada()).get(`/v1/runs/${run.id}`);
    const { url } = (body as Run).artifacts[0] as Artifact;
    await test.store.commit('addSigningKey', { secret: 'bs_a_newer_one', maxAgeMs: 1e9 });
    await test.restart();
    expect((await fetch(test.url + url, { redirect: 'manual' })).status).toBe(302);
    const again = ((await (await ada()).get(`/v1/runs/${run.id}`)).body as Run).artifacts[0] as Artifact;
    expect(again.url).not.toBe(url);
    expect((await fetch(test.url + again.url, { redirect: 'manual' })).status).toBe(302);
  });
});

describe('rooms of runs', () => {
  it('are followed while somebody listens, and left at once when the run has finished', async () => {
    test = await startServer();
    const run = await newRun();
    const streams = await Promise.all([service().follow(run), (await ada()).follow(run)]);
    for (const stream of streams) await stream.frame('snapshot');
    expect(test.server.hub.stats).toMatchObject({ streams: 2, runs: 1 });
    await service().patch(`/v1/runs/${run.id}`, { status: 'succeeded' });
    for (const stream of streams) await stream.end();
    // Not after the 10 s that a run which goes on is kept for.
    await until(() => test.server.hub.stats.runs === 0, 'the run to be left', 8_000);
    expect(test.server.hub.stats.streams).toBe(0);
  });
});
