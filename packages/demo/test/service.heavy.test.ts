import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, hears, launchBrowser, whyNoBrowser } from './support/browser.ts';
import { startDemo } from './support/demo.ts';

const LINES = 60;

describe.skipIf(whyNoBrowser !== '')(`asking, revoking and running on the demo page${whyNoBrowser}`, () => {
  let pageDir: string;
  let end: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pageDir = await mkdtemp(join(tmpdir(), 'belfry-page-'));
    await buildPage(pageDir);
    const started = await startDemo({ pageDir, restartDelayMs: 300 });
    end = started.end;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
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

  async function hasEveryLineOnce(): Promise<void> {
    const numbers = await page
      .locator('.run-lines li')
      .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-n'))));
    expect(numbers).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
  }

  test('both are asked, the first answer wins, and the other one sees whose it was', async () => {
    await page.click('#ask');
    await hears(page, '#ada .question', /Which cake for Friday/);
    await page.locator('#ben .question').getByRole('button', { name: 'Plum' }).waitFor();
    await page.locator('#ada .question').getByRole('button', { name: 'Carrot' }).click();
    await hears(page, '#ben .question-outcome', /^Answered by Ada: Carrot$/);
    await hears(page, '#ada .question-outcome', /^You answered: Carrot$/);
    expect(await page.locator('#ben .question').getByRole('button', { name: 'Plum' }).isVisible()).toBe(false);
  });

  test('who answers too late is told so, and by whom it was answered', async () => {
    await page.click('#ask');
    await hears(page, '#ada .question', /meeting room/);
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
    await page.locator('#ben .question').getByLabel('Your answer').fill('The Loft');
    await page.locator('#ben .question').getByRole('button', { name: 'Answer' }).click();
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
    await hears(page, '#ben .problem', /^Not answered: .*answered/);
    await hears(page, '#ben .question-outcome', /^Answered by Ada: The Nook$/);
    await page.unroute(/questions\/.*\/answer/);
    await page.locator('#ben .problem').getByText('Dismiss').click();
  });

  test('a question may be declined by the keyboard', async () => {
    await page.click('#ask');
    await page.locator('#ben .question', { hasText: 'version 2.4' }).getByRole('button', { name: 'Decline' }).focus();
    await page.keyboard.press('Enter');
    await hears(page, '#ada .question-outcome', /^Declined by Ben\.$/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('You declined.');
  });

  test('a topic’s items leave Ben’s inbox within a second on the open stream, and come back with the topic', async () => {
    await page.click('#topic-send');
    await hears(page, '#ben .item', /The oven is free.*topic:kitchen/s);
    await hears(page, '#ada .item', /The oven is free/);
    const connected = (): Promise<number> => page.locator('.frame-event', { hasText: 'connected' }).count();
    const before = await connected();

    const pressed = performance.now();
    await page.click('#revoke');
    await page.locator('#ben .item', { hasText: 'The oven is free' }).waitFor({ state: 'detached' });
    expect(performance.now() - pressed).toBeLessThan(1_000);
    await hears(page, '#ben .access', /^No longer in topic:kitchen/);
    await page.click('#topic-send');
    await hears(page, '#ada .item', /Plums have arrived/);
    expect(await page.locator('#ben .item').count()).toBe(0);

    await page.click('#revoke');
    await hears(page, '#ben .item', /Plums have arrived/);
    await hears(page, '#ben .item', /The oven is free/);
    await page.locator('#ben .access').waitFor({ state: 'hidden' });
    expect(await connected()).toBe(before);
  });

  test('a run shows each line once and in order although the page was reloaded midway, and ends with done', async () => {
    await page.click('#job');
    await hears(page, '.run-lines li', /Page 10 scanned/);
    await page.reload();
    await isLive();
    await hears(page, '.run-lines li', /Page 10 scanned/);
    expect(await page.locator('.run.done').count()).toBe(0);
    await hears(page, '#ben .run-status', /\d+ %/);
    await hears(page, '.run-end', /^Done, 60 lines\./);
    await hasEveryLineOnce();
    await hears(page, '#ada .run-status', /^Succeeded$/);
    await hears(page, '#ben .run-status', /^Succeeded$/);
  }, 40_000);

  test('a run goes on through a kill of the server, and no line is missing', async () => {
    await page.click('#job');
    await page.locator('.run.done').waitFor({ state: 'detached' });
    await hears(page, '.run-lines li[data-n="5"]', /./);
    await page.click('#kill');
    await hears(page, '#server', /restarted once/);
    await hears(page, '.run-end', /^Done, 60 lines\./);
    await hasEveryLineOnce();
  }, 60_000);

  test('nothing of it is wider than a phone', async () => {
    await page.click('#ask');
    await hears(page, '#ada .question', /\?/);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test('no script failed, and the page’s policy refused nothing', () => {
    expect(errors).toEqual([]);
  });
});
