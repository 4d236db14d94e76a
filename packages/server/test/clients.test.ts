import { spawnSync } from 'node:child_process';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CurlLoop } from './support/curl.ts';
import { startServer, type TestServer, tokenFor } from './support/start.ts';
import { Ticker, upTo } from './support/ticker.ts';
import { until } from './support/until.ts';

interface Seen {
  ticks: number[];
  reasons: string[];
  connections: number;
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** A1, A5: with nothing of ours on the client's side. */
describe('a client that nobody here wrote gets everything once and in order through planned closes and a restart', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startServer({ hub: { lifetimeMs: 700, heartbeatMs: 150 } });
  });
  afterAll(() => test.stop());

  /** A planned close, a restart, another planned close, with ticks all the while. */
  async function throughBreaks(user: string, seen: Seen): Promise<void> {
    await until(() => seen.connections > 0, 'the stream');
    const ticker = new Ticker(test.url, `user:${user}`);
    ticker.start(10);
    await until(() => seen.reasons.includes('lifetime'), 'a planned close');
    const before = seen.connections;
    await until(() => seen.connections > before, 'its return');
    await test.restart();
    const planned = seen.reasons.length;
    await until(() => seen.reasons.slice(planned).includes('lifetime'), 'a planned close after the restart');
    const count = await ticker.stop();
    await until(() => seen.ticks.includes(count), 'the last tick');
    expect(seen.ticks).toEqual(upTo(count));
    expect(seen.connections).toBeGreaterThanOrEqual(3);
  }

  it('the npm package eventsource', { timeout: 40_000 }, async () => {
    const seen: Seen = { ticks: [], reasons: [], connections: 0 };
    const token = await tokenFor({ sub: 'ada' });
    const source = new EventSource(`${test.url}/v1/stream`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
    });
    source.addEventListener('connected', () => {
      seen.connections += 1;
    });
    source.addEventListener('closing', ({ data }) =>
      seen.reasons.push((JSON.parse(data) as { reason: string }).reason),
    );
    source.addEventListener('message', ({ data }) => seen.ticks.push((JSON.parse(data) as { data: number }).data));
    await throughBreaks('ada', seen);
    source.close();
    await until(() => test.server.hub.stats.streams === 0, 'its stream to be freed');
  });

  it.skipIf(!hasCurl)('curl -N (skipped where there is no curl)', { timeout: 40_000 }, async () => {
    const curl = new CurlLoop(`${test.url}/v1/stream`, await tokenFor({ sub: 'ben' }));
    await throughBreaks('ben', curl);
    await curl.stop();
    await until(() => test.server.hub.stats.streams === 0, 'its stream to be freed');
  });
});
