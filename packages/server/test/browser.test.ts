import { BROWSER_TEST, chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer, tokenFor } from './support/start.ts';
import { Ticker, upTo } from './support/ticker.ts';
import { until } from './support/until.ts';

const executablePath = chromiumPath();
const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Seen {
  ticks: number[];
  reasons: string[];
  connections: number;
}

/** Runs in the page: its own EventSource, and nothing of ours. */
function follow(url: string): void {
  const seen: Seen = { ticks: [], reasons: [], connections: 0 };
  Object.assign(globalThis, { seen });
  const source = new EventSource(url);
  source.addEventListener('connected', () => {
    seen.connections += 1;
  });
  source.addEventListener('closing', ({ data }) => seen.reasons.push(JSON.parse(data).reason));
  source.addEventListener('message', ({ data }) => seen.ticks.push(JSON.parse(data).data));
}

/** Skipped where there is no Chromium: set BELFRY_CHROMIUM to one. */
describe.skipIf(executablePath === undefined)('the browser’s own EventSource', BROWSER_TEST, () => {
  let test: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    test = await startServer({
      hub: { lifetimeMs: 1_500, heartbeatMs: 200 },
      // What it takes as it comes is read by the clients' own tests in the browser.
      compression: 'on',
      extend: (app) => app.get('/page', (c) => c.html('<!doctype html><title>Page</title>')),
    });
    browser = await chromium.launch({ executablePath: executablePath as string, args: ARGS });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await test?.stop();
  }, 30_000);

  async function throughBreaks(user: string, page: Page, url: string): Promise<void> {
    let seen: Seen = { ticks: [], reasons: [], connections: 0 };
    const look = async () => {
      seen = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
    };
    const saw = (what: string, isTrue: () => boolean) =>
      untilAsync(async () => {
        await look();
        return isTrue();
      }, what);

    await page.goto(`${test.url}/page`);
    await page.evaluate(follow, url);
    await saw('the stream', () => seen.connections > 0);
    const ticker = new Ticker(test.url, `user:${user}`);
    ticker.start(20);
    await saw('a planned close and its return', () => seen.reasons.includes('lifetime') && seen.connections > 1);
    await test.restart();
    const planned = seen.reasons.length;
    await saw('a planned close after the restart', () => seen.reasons.slice(planned).includes('lifetime'));
    const count = await ticker.stop();
    await saw('the last tick', () => seen.ticks.includes(count));
    expect(seen.ticks).toEqual(upTo(count));
    expect(seen.connections).toBeGreaterThanOrEqual(3);
  }

  it('with a ticket, gets everything once and in order through planned closes and a restart', async () => {
    const headers = { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` };
    const answer = await fetch(`${test.url}/v1/tickets`, { method: 'POST', headers });
    const { ticket } = (await answer.json()) as { ticket: string };
    const page = await browser.newPage();
    await throughBreaks('ada', page, `/v1/stream?ticket=${ticket}`);
    await page.close();
    await until(() => test.server.hub.stats.streams === 0, 'its stream to be freed');
  });

  it('with the cookie, likewise; and the page may write by it', async () => {
    const context = await browser.newContext();
    const value = await tokenFor({ sub: 'ben' });
    await context.addCookies([{ name: 'belfry_token', value, url: test.url, httpOnly: true, sameSite: 'Lax' }]);
    const page = await context.newPage();
    await throughBreaks('ben', page, '/v1/stream');
    const write = (url: string) =>
      page.evaluate(async (to) => (await fetch(to, { method: 'POST', credentials: 'include' })).status, url);
    expect(await write('/v1/inbox/read-all')).toBe(204);
    await context.close();
    await until(() => test.server.hub.stats.streams === 0, 'its stream to be freed');
  });
});

async function untilAsync(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
