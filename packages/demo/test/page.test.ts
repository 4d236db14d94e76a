import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER_TEST } from '@belfry/contract-tests/chromium';
import type { Supervisor } from '@belfry/demo';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, hears, launchBrowser, whyNoBrowser } from './support/browser.ts';
import { press, startDemo } from './support/demo.ts';
import type { Seen } from './support/seen.ts';

const unread = (person: 'ada' | 'ben'): string => `#${person} .belfry-item[data-unread=true]`;

/** One item in somebody's list. */
function item(page: Page, person: 'ada' | 'ben', title: string) {
  return page.locator(`#${person} .belfry-item`, { hasText: title });
}

/** Clicks on one of the tools of an item, which are there while it is pointed at. */
async function mark(marked: Locator, tool: string): Promise<void> {
  await marked.hover();
  await marked.getByRole('button', { name: tool, exact: true }).click();
}

/** One cell of the scoreboard. */
function score(page: Page, person: 'ada' | 'ben', lane: 'belfry' | 'byHand', count: string) {
  return page.locator(`tr[data-person=${person}][data-lane=${lane}] [data-count=${count}]`);
}

async function numberIn(page: Page, person: 'ada' | 'ben', lane: 'belfry' | 'byHand', count: string): Promise<number> {
  return Number(await score(page, person, lane, count).textContent());
}

/** The traffic that killing and cutting bring along is ended, and every lane has had its moment. */
async function settled(demo: Supervisor, page: Page): Promise<void> {
  await press(demo, '/traffic', { on: false });
  await hears(page, '#traffic', /Start/);
  for (const person of ['ada', 'ben'] as const) {
    for (const lane of ['belfry', 'byHand'] as const) {
      await hears(page, `tr[data-person=${person}][data-lane=${lane}] [data-count=waiting]`, /^0$/);
    }
  }
}

async function expectBelfryUnharmed(page: Page): Promise<void> {
  for (const person of ['ada', 'ben'] as const) {
    expect(await numberIn(page, person, 'belfry', 'lost')).toBe(0);
    expect(await numberIn(page, person, 'belfry', 'doubled')).toBe(0);
    expect(await numberIn(page, person, 'belfry', 'disordered')).toBe(0);
    const sent = await numberIn(page, person, 'belfry', 'sent');
    expect(await numberIn(page, person, 'belfry', 'received')).toBe(sent);
  }
}

describe.skipIf(whyNoBrowser !== '')(`the demo page in a real browser${whyNoBrowser}`, BROWSER_TEST, () => {
  let pageDir: string;
  let demo: Supervisor;
  let end: () => Promise<void>;
  let seen: () => Promise<Seen[]>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  async function openPage(): Promise<Page> {
    const opened = await context.newPage();
    opened.on('pageerror', (error) => errors.push(String(error)));
    opened.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) errors.push(message.text());
    });
    await opened.goto(demo.address);
    await hears(opened, '#ada .chip', /Live/);
    await hears(opened, '#ben .chip', /Live/);
    await hears(opened, '#score [data-count=sent]', /^0$/);
    return opened;
  }

  beforeAll(async () => {
    pageDir = await mkdtemp(join(tmpdir(), 'belfry-page-'));
    await buildPage(pageDir);
    ({ demo, end, seen } = await startDemo({ pageDir, restartDelayMs: 300 }));
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await openPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await end?.();
    await rm(pageDir, { recursive: true, force: true });
  });

  test('an empty inbox says what to do', async () => {
    await hears(page, '#ada .belfry-state', /Nothing yet.*Send Ada something, or press Kill the server\./s);
  });

  test('what is sent to Ada stands in her inbox without a reload, and only in hers', async () => {
    await page.fill('[name=title]', 'The first bell');
    await page.click('#send [type=submit]');
    await hears(page, unread('ada'), /The first bell/);
    await hears(page, '#ada .belfry-badge', /^1$/);
    await hears(page, '.outcome', /#\d+ shown to Ada after [\d,]+\sms; answered after [\d,]+\sms\./);
    expect(await page.locator('#ben .belfry-item').count()).toBe(0);
  });

  test('what Belfry refuses is told next to the form', async () => {
    await page.evaluate(() => document.querySelector<HTMLInputElement>('[name=title]')?.removeAttribute('maxlength'));
    await page.fill('[name=title]', 'x'.repeat(201));
    await page.click('#send [type=submit]');
    await hears(page, '#send .problem', /title/);
    await page.fill('[name=title]', 'The second bell');
  });

  test('the code to copy follows the form', async () => {
    await page.check('[name=to][value=all]');
    await hears(page, '#calls code', /"to":"all".*"The second bell"/);
    await page.check('[name=to][value=ada]');
  });

  test('a second tab hears the same, and what is read in one is read in the other', async () => {
    const other = await openPage();
    try {
      await hears(other, unread('ada'), /The first bell/);
      await page.click('#send [type=submit]');
      await hears(other, unread('ada'), /The second bell/);
      await mark(item(other, 'ada', 'The second bell'), 'Mark as read');
      await page.locator('#ada .belfry-item[data-unread=false]', { hasText: 'The second bell' }).waitFor();
      await hears(page, '#ada .belfry-badge', /^1$/);
      await page.locator('#ada').getByRole('button', { name: 'Mark all as read' }).click();
      await other.locator('#ada .belfry-badge').waitFor({ state: 'detached' });
      await mark(item(page, 'ada', 'The first bell'), 'Archive');
      await item(other, 'ada', 'The first bell').waitFor({ state: 'detached' });
    } finally {
      await other.close();
    }
  });

  test('for all this the server saw one stream for each person, both tabs together, no poll, and each act once', async () => {
    const all = await seen();
    const callsOf = (who: string) => all.filter(({ user }) => user === who).map(({ call, search }) => call + search);
    expect(callsOf('ben')).toEqual(['GET /v1/stream']);
    expect(callsOf('ada').filter((call) => call.startsWith('GET'))).toEqual(['GET /v1/stream']);
    const acts = callsOf('ada').filter((call) => call.startsWith('POST'));
    expect(acts.filter((call) => call === 'POST /v1/inbox/read-all')).toHaveLength(1);
    // Read and archived, and what each of the tabs had in view for a second.
    expect(acts.filter((call) => call === 'POST /v1/inbox/marks').length).toBeLessThanOrEqual(5);
    expect(new Set(acts)).toEqual(new Set(['POST /v1/inbox/read-all', 'POST /v1/inbox/marks']));
  });

  test('the bell opens the list beside it, and Escape closes it', async () => {
    await page.locator('#ada .belfry-bell').click();
    await page.locator('#ada .belfry-popover .belfry-item', { hasText: 'The second bell' }).waitFor();
    await page.locator('#ada').getByRole('tab', { name: 'Kitchen' }).click();
    await hears(page, '#ada .belfry-popover .belfry-state', /Nothing yet/);
    await page.keyboard.press('Escape');
    await page.locator('#ada .belfry-popover').waitFor({ state: 'hidden' });
  });

  test('each control says what it does, and leads to its code', async () => {
    const controls = page.locator('.control');
    expect(await controls.count()).toBe(7);
    for (const control of await controls.all()) {
      expect(await control.locator('.hint').textContent()).toMatch(/\w+.*\./);
      const address = await control.locator('a').getAttribute('href');
      const source = await fetch(new URL(address!, demo.address));
      expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await source.text()).toContain('export class');
    }
  });

  test('after a kill both come back with nothing lost and nothing doubled; the hand-written lane has lost some', async () => {
    // How much the other lane loses hangs on who is back first, so it gets more than one chance to lose something.
    for (let kills = 1; kills <= 5; kills += 1) {
      await page.click('#kill');
      await hears(page, '#server', new RegExp(`restarted ${kills === 1 ? 'once' : `${kills} times`}`));
      await hears(page, '#ada .arrival', /^Resumed, \d+ caught up, 0 lost, 0 doubled, in order$/);
      await hears(page, '#ben .arrival', /^Resumed, \d+ caught up, 0 lost, 0 doubled, in order$/);
      await settled(demo, page);
      await expectBelfryUnharmed(page);
      if ((await numberIn(page, 'ada', 'byHand', 'lost')) > 0) break;
    }
    expect(await numberIn(page, 'ada', 'byHand', 'lost')).toBeGreaterThan(0);
    await hears(page, '#by-hand.lossy .arrival', /lost for good/);
  });

  test('Ben, cut off, comes back with all he missed, and the hand-written lane has lost it', async () => {
    await page.getByText('Count anew').click();
    await hears(page, 'tr[data-person=ben][data-lane=belfry] [data-count=sent]', /^0$/);
    await page.click('#cut');
    await hears(page, '#cut', /Restore/);
    await hears(page, '#ben .chip', /Reconnecting/);
    await hears(page, '#ben .arrival', /^Cut off. Shows what was here at/);
    await hears(page, '#ada .chip', /Live/);
    await hears(page, 'tr[data-person=ben][data-lane=belfry] [data-count=waiting]', /^[5-9]|\d\d$/);
    await page.click('#cut');
    await hears(page, '#ben .arrival', /^Resumed, [1-9]\d* caught up, 0 lost, 0 doubled, in order$/);
    await settled(demo, page);
    await expectBelfryUnharmed(page);
    expect(await numberIn(page, 'ben', 'byHand', 'lost')).toBeGreaterThan(0);
    expect(await numberIn(page, 'ada', 'byHand', 'lost')).toBe(0);
  });

  test('what is lost stays lost when the server dies too', async () => {
    const lost = await numberIn(page, 'ben', 'byHand', 'lost');
    await page.click('#kill');
    await hears(page, '#by-hand .chip', /Reconnecting/);
    expect(await numberIn(page, 'ben', 'byHand', 'lost')).toBeGreaterThanOrEqual(lost);
    await hears(page, '#ben .arrival', /^Resumed, /);
    await settled(demo, page);
    await expectBelfryUnharmed(page);
  });

  test('a mark that found no server says so, until the connection is back', async () => {
    await page.click('#kill');
    await hears(page, '#server', /Server down/);
    const newest = await page.locator('#ada .belfry-item').first().getAttribute('data-row');
    const marked = page.locator(`#ada .belfry-item[data-row="${newest}"]`);
    // On a busy machine the server may be back before the button is found.
    await page.route('**/v1/inbox/marks', (route) => route.abort());
    await mark(marked, 'Archive');
    await hears(page, '#ada .belfry-undo', /^That could not be saved\./);
    await page.unroute('**/v1/inbox/marks');
    await marked.waitFor();
    await hears(page, '#ada .chip', /Live/);
    await settled(demo, page);
  });

  test('the raw frames and the cursor are there to look at', async () => {
    await page.click('.drawer summary');
    await hears(page, '.frame-event', /^message$/);
    await hears(page, '.cursor', /^Cursor: \S+-\d+-\S+$/);
  });

  test('nothing on the page is wider than a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test('when Belfry is stopped, the page says so and offers nothing that can’t be done', async () => {
    await demo.stop();
    await hears(page, '#server', /Stopped/);
    await hears(page, '#banner', /Start it again where it ran, with npm start/);
    for (const id of ['#kill', '#cut', '#traffic', '#send [type=submit]']) {
      expect(await page.locator(id).isDisabled()).toBe(true);
    }
  });

  test('no script failed, and the page’s policy refused nothing', () => {
    expect(errors).toEqual([]);
  });
});
