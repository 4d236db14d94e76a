import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER_TEST } from '@belfry/contract-tests/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, hears, launchBrowser, whyNoBrowser } from './support/browser.ts';
import { startDemo } from './support/demo.ts';
import type { Seen } from './support/seen.ts';

const LINES = 60;

describe.skipIf(whyNoBrowser !== '')(`ask, revoke and run on the demo page${whyNoBrowser}`, BROWSER_TEST, () => {
  let pageDir: string;
  let end: () => Promise<void>;
  let seen: () => Promise<Seen[]>;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pageDir = await mkdtemp(join(tmpdir(), 'belfry-page-'));
    await buildPage(pageDir);
    const started = await startDemo({ pageDir, restartDelayMs: 300 });
    ({ end, seen } = started);
    browser = await launchBrowser();
    const permissions = ['clipboard-read', 'clipboard-write'];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, permissions });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) errors.push(message.text());
    });
    await page.goto(started.demo.address);
    await isLive();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await end?.();
    await rm(pageDir, { recursive: true, force: true });
  });

  async function isLive(): Promise<void> {
    await hears(page, '#ada .chip', /Live/);
    await hears(page, '#ben .chip', /Live/);
  }

  /** By what the button copies: of a long log only what can be seen is on the page. */
  async function hasEveryLineOnce(): Promise<void> {
    await page.locator('#service').getByRole('button', { name: 'Copy log' }).click();
    await page.locator('#service').getByText('Copied', { exact: true }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const pages = text
      .trimEnd()
      .split('\n')
      .map((line) => Number(/Page (\d+) /.exec(line)?.[1]));
    expect(pages).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
  }

  const question = (person: 'ada' | 'ben', text: string) =>
    page.locator(`#${person} .belfry-question`, { hasText: text });

  async function answer(person: 'ada' | 'ben', text: string, choice: string): Promise<void> {
    await question(person, text).getByText(choice, { exact: true }).click();
    await question(person, text).getByRole('button', { name: 'Answer' }).click();
  }

  /** How often somebody's page asked for this. */
  async function countOf(person: 'ada' | 'ben', call: RegExp): Promise<number> {
    return (await seen()).filter((one) => one.user === person && call.test(one.call)).length;
  }

  test('both are asked, the first answer wins, and the other one sees whose it was', async () => {
    await page.click('#ask');
    await question('ben', 'Which cake for Friday').getByText('Plum').waitFor();
    await answer('ada', 'Which cake for Friday', 'Carrot');
    await hears(page, '#ben .belfry-question-outcome', /^Answered by Ada elsewhere.*Carrot$/);
    await hears(page, '#ada .belfry-question-outcome', /^You answered.*Carrot$/);
    expect(await page.locator('#ben .belfry-question-form').count()).toBe(0);
  });

  test('who answers too late is told so, and by whom it was answered', async () => {
    await page.click('#ask');
    await question('ada', 'meeting room').waitFor();
    // Ben's page has not heard of the answer yet when he sends his own.
    const held = page.waitForRequest(/questions\/.*\/answer/);
    let letGo = (): void => {};
    const waits = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(/questions\/.*\/answer/, async (route) => {
      if ((await route.request().headerValue('authorization')) !== null) await waits;
      await route.continue();
    });
    await question('ben', 'meeting room').getByRole('textbox').fill('The Loft');
    await question('ben', 'meeting room').getByRole('button', { name: 'Answer' }).click();
    const { url, headers } = await held.then(async (request) => ({
      url: request.url(),
      headers: await request.allHeaders(),
    }));
    expect(headers.authorization).toMatch(/^Bearer /);
    const { token } = await page.evaluate(() => fetch('/demo/token?user=ada').then((answer) => answer.json()));
    const first = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ action: 'accept', content: { value: 'The Nook' } }),
    });
    expect(first.status).toBe(200);
    letGo();
    await hears(page, '#ben .belfry-question-outcome', /^Answered by Ada elsewhere.*The Nook$/);
    await page.unroute(/questions\/.*\/answer/);
  });

  test('a question may be declined by the keyboard', async () => {
    await page.click('#ask');
    await question('ben', 'version 2.4').getByRole('button', { name: 'Decline' }).focus();
    await page.keyboard.press('Enter');
    await hears(page, '#ada .belfry-question-outcome', /^Declined by Ben elsewhere\.$/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('You declined.');
  });

  test('a topic’s items leave Ben’s inbox on the open stream, and come back with the topic', async () => {
    await page.click('#topic-send');
    await hears(page, '#ben .belfry-item', /The oven is free.*topic:kitchen/s);
    await hears(page, '#ada .belfry-item', /The oven is free/);

    await page.click('#revoke');
    await page.locator('#ben .belfry-item', { hasText: 'The oven is free' }).waitFor({ state: 'detached' });
    await hears(page, '#ben .access', /^No longer in topic:kitchen/);
    await page.click('#topic-send');
    await hears(page, '#ada .belfry-item', /Plums have arrived/);
    expect(await page.locator('#ben .belfry-item').count()).toBe(0);

    await page.click('#revoke');
    await hears(page, '#ben .belfry-item', /Plums have arrived/);
    await hears(page, '#ben .belfry-item', /The oven is free/);
    await page.locator('#ben .access').waitFor({ state: 'detached' });
    expect(await countOf('ben', /stream/)).toBe(1);
  });

  test('a run shows each line once and in order although the page was reloaded midway, and ends with done', async () => {
    await page.click('#job');
    await hears(page, '.belfry-log-line', /Page 10 scanned/);
    await page.reload();
    await isLive();
    await hears(page, '.run-end', /^\d+ lines, none missing/);
    await hears(page, '#ben .belfry-run', /Running.*\d+\s?%/);
    await hears(page, '.run-end', /^Done: 60 lines, none missing\./);
    await hasEveryLineOnce();
    await hears(page, '#ada .belfry-run', /^Succeeded/);
    await hears(page, '#ben .belfry-run', /^Succeeded/);
  }, 40_000);

  test('for all this the server saw one stream for each person and page, one for each look at a log, and no poll', async () => {
    for (const person of ['ada', 'ben'] as const) expect(await countOf(person, /^GET .v1.stream$/)).toBe(2);
    // A page that is being left may try once more before it is gone.
    const looks = await countOf('ada', /^GET .v1.runs.*stream$/);
    expect([2, 3]).toContain(looks);
    const gets = (await seen()).filter(({ user, call }) => user !== null && call.startsWith('GET'));
    expect(gets).toHaveLength(4 + looks);
    expect(gets.map(({ search }) => search).filter((search) => search !== '')).toEqual([]);
    // Two of Ben's, of which one came too late, and one of Ada's; her other one was sent by this test.
    expect(await countOf('ben', /^POST .*.answer$/)).toBe(2);
    expect(await countOf('ada', /^POST .*.answer$/)).toBe(2);
  });

  test('a run goes on through a kill of the server, and no line is missing', async () => {
    await page.click('#job');
    await page.locator('.run[data-done=true]').waitFor({ state: 'detached' });
    await hears(page, '.belfry-log-line[data-n="5"]', /./);
    await page.click('#kill');
    await hears(page, '#server', /restarted once/);
    await hears(page, '.run-end', /^Done: 60 lines, none missing\./);
    await hasEveryLineOnce();
  }, 60_000);

  test('nothing of it is wider than a phone', async () => {
    await page.click('#ask');
    await page.locator('#ada .belfry-question-form').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test('no script failed, and the page’s policy refused nothing', () => {
    expect(errors).toEqual([]);
  });
});
