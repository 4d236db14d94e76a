import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Supervisor } from '@belfry/demo';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, hears, launchBrowser, whyNoBrowser } from './support/browser.ts';
import { startDemo } from './support/demo.ts';

/** One cell of the scoreboard. */
function score(page: Page, person: 'ada' | 'ben', lane: 'belfry' | 'byHand', count: string) {
  return page.locator(`tr[data-person=${person}][data-lane=${lane}] [data-count=${count}]`);
}

async function numberIn(page: Page, person: 'ada' | 'ben', lane: 'belfry' | 'byHand', count: string): Promise<number> {
  return Number(await score(page, person, lane, count).textContent());
}

/** The traffic that killing and cutting bring along has ended, and every lane has had its moment. */
async function settled(page: Page): Promise<void> {
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

describe.skipIf(whyNoBrowser !== '')(`the demo page in a real browser${whyNoBrowser}`, () => {
  let pageDir: string;
  let demo: Supervisor;
  let end: () => Promise<void>;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  async function openPage(): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 1280, height: 900 } });
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
    ({ demo, end } = await startDemo({ pageDir, restartDelayMs: 300 }));
    browser = await launchBrowser();
    page = await openPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await end?.();
    await rm(pageDir, { recursive: true, force: true });
  });

  test('an empty inbox says what to do', async () => {
    await hears(page, '#ada .empty', /Nothing yet. Send Ada something, or press Kill the server./);
  });

  test('what is sent to Ada stands in her inbox without a reload, and only in hers', async () => {
    await page.fill('[name=title]', 'The first bell');
    await page.click('#send [type=submit]');
    await hears(page, '#ada .item.unread', /The first bell/);
    await hears(page, '#ada .badge', /^1$/);
    await hears(page, '.outcome', /#\d+ shown to Ada after [\d,]+\sms; answered after [\d,]+\sms\./);
    expect(await page.locator('#ben .item').count()).toBe(0);
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
      await hears(other, '#ada .item.unread', /The first bell/);
      await page.click('#send [type=submit]');
      await hears(other, '#ada .item.unread', /The second bell/);
      await other.locator('#ada .item', { hasText: 'The second bell' }).getByText('Mark read').click();
      await page.locator('#ada .item:not(.unread)', { hasText: 'The second bell' }).waitFor();
      await hears(page, '#ada .badge', /^1$/);
      await page.locator('#ada').getByText('Read all').click();
      await other.locator('#ada .badge').waitFor({ state: 'hidden' });
      await page.locator('#ada .item', { hasText: 'The first bell' }).getByText('Archive').click();
      await other.locator('#ada .item', { hasText: 'The first bell' }).waitFor({ state: 'detached' });
    } finally {
      await other.close();
    }
  });

  test('after a kill both come back with nothing lost and nothing doubled; the hand-written lane has lost some', async () => {
    // How much the other lane loses hangs on who is back first, so it gets more than one chance to lose something.
    for (let kills = 1; kills <= 5; kills += 1) {
      await page.click('#kill');
      await hears(page, '#server', new RegExp(`restarted ${kills === 1 ? 'once' : `${kills} times`}`));
      await hears(page, '#ada .arrival', /^Resumed, \d+ caught up, 0 lost, 0 doubled, in order$/);
      await hears(page, '#ben .arrival', /^Resumed, \d+ caught up, 0 lost, 0 doubled, in order$/);
      await settled(page);
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
    await page.click('#traffic');
    await settled(page);
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
    await settled(page);
    await expectBelfryUnharmed(page);
  });

  test('a mark that found no server says so, until the connection is back', async () => {
    await page.click('#kill');
    await hears(page, '#server', /Server down/);
    await page.locator('#ada .item').first().getByText('Archive').click();
    await hears(page, '#ada .problem', /^Not marked: the server was away. Try again./);
    await hears(page, '#ada .chip', /Live/);
    await page.locator('#ada .problem').waitFor({ state: 'hidden' });
    await settled(page);
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
