import { chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from './support/source-modules.ts';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';

const executablePath = chromiumPath();
const ARGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
const TOKEN_S = 2;

const SCRIPT = `
  import { createBelfry } from '@belfry/client';
  const belfry = createBelfry({ url: '', token: async () => (await fetch('/token')).text() });
  globalThis.seen = [];
  belfry.onFrame(({ event, data }) => { if (event === 'closing') globalThis.seen.push(JSON.parse(data).reason); });
  belfry.inbox.subscribe(() => {
    const { items } = belfry.inbox.getSnapshot();
    document.querySelector('#list').innerHTML = items.map(({ title }) => '<li>' + title + '</li>').join('');
  });
  belfry.start();`;

/** Skipped where there is no Chromium: set BELFRY_CHROMIUM to one. */
describe.skipIf(executablePath === undefined)('a token that expires under an open page', { timeout: 60_000 }, () => {
  let test: TestServer;
  let browser: Browser;
  let tokens = 0;

  beforeAll(async () => {
    test = await startServer({
      extend: (app) => {
        servePage(app, SCRIPT);
        app.get('/token', async (c) => {
          tokens += 1;
          return c.text(await tokenFor({ sub: 'ada', exp: Math.ceil(Date.now() / 1_000) + TOKEN_S }));
        });
      },
    });
    browser = await chromium.launch({ executablePath: executablePath as string, args: ARGS });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await test?.stop();
  }, 30_000);

  const send = (title: string) =>
    fetch(`${test.url}/v1/notifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify({ to: 'user:ada', type: 'm', title }),
    });

  it('ends the stream, and the page goes on with a fresh one and shows what came meanwhile, once', async () => {
    const page = await browser.newPage();
    await page.goto(`${test.url}/page`);
    await send('one');
    await page.getByText('one').waitFor();
    for (const title of ['two', 'three']) {
      const ends = await page.evaluate('seen.length');
      await page.waitForFunction(`seen.length > ${ends}`);
      await send(title);
      await page.getByText(title).waitFor();
    }
    expect(await page.locator('li').allTextContents()).toEqual(['three', 'two', 'one']);
    expect(new Set((await page.evaluate('seen')) as string[])).toEqual(new Set(['token_expired']));
    expect(tokens).toBeGreaterThanOrEqual(3);
    await page.close();
  });
});
