import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER_TEST } from '@belfry/contract-tests/chromium';
import { TcpProxy } from '@belfry/contract-tests/faults';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, launchBrowser, whyNoBrowser } from './support/browser.ts';
import { sendSamples } from './support/samples.ts';
import { type PageServer, startPageServer } from './support/server.ts';
import { workTests } from './support/work.ts';

describe.skipIf(whyNoBrowser !== '')(
  `<Inbox/> in a browser, strict policy${whyNoBrowser}`,
  { ...BROWSER_TEST, timeout: 180_000 },
  () => {
    let folder: string;
    let server: PageServer;
    let browser: Browser;
    let context: BrowserContext | undefined;
    const troubles: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'belfry-react-page-'));
      const pages = { page: join(folder, '19'), older: join(folder, '18') };
      await buildPage(pages.page, '19');
      await buildPage(pages.older, '18');
      server = await startPageServer(pages);
      browser = await launchBrowser();
    }, 120_000);
    afterEach(async () => {
      await context?.close();
      context = undefined;
      expect(troubles.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** A page of its own, whose every complaint fails the test, and what it asked the server for. */
    async function open(
      user: string,
      { path = 'page', query = '', width = 1280, url = server.url } = {},
    ): Promise<{ page: Page; requests: string[] }> {
      context ??= await browser.newContext({
        viewport: { width, height: 800 },
        reducedMotion: 'reduce',
        bypassCSP: false,
      });
      const page = await context.newPage();
      const requests: string[] = [];
      page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
      page.on('pageerror', (error) => troubles.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy|Warning|act\(|hydrat|unique "key"/i.test(message.text()))
          troubles.push(message.text());
      });
      await page.goto(`${url}/${path}?user=${user}${query}`);
      await page.waitForFunction(() => (globalThis as unknown as Page$).belfry.status.getSnapshot().value === 'live');
      return { page, requests };
    }
    const notify = (user: string, title: string, more: object = {}) =>
      server.server.notify({ to: `user:${user}`, type: 'comment', title, ...more });
    const badge = (page: Page) => page.locator('.belfry-badge');
    const item = (page: Page, title: string) => page.locator('.belfry-item', { hasText: title });

    test.each(['page', 'older'])(
      'D7: what is sent is there without a reload, over one connection (%s)',
      async (path) => {
        const { page, requests } = await open(`live-${path}`, { path });
        expect(await page.evaluate(() => (globalThis as unknown as Page$).reactVersion)).toMatch(
          path === 'page' ? /^19/ : /^18\.3/,
        );
        await notify(`live-${path}`, 'The first');
        await badge(page).getByText('1', { exact: true }).waitFor();
        await page.click('.belfry-bell');
        await item(page, 'The first').waitFor();
        await notify(`live-${path}`, 'The second');
        await item(page, 'The second').waitFor();
        await page.getByRole('status').filter({ hasText: 'New notification: The second' }).waitFor();
        expect(await page.locator('.belfry-item').count()).toBe(2);
        expect(requests.filter((request) => request === 'GET /v1/stream')).toHaveLength(1);
      },
    );

    test('the bell rings for live news, and not for what was there or was caught up with', async () => {
      const proxy = await TcpProxy.start({ port: server.port });
      try {
        await notify('rings', 'Before');
        const { page } = await open('rings', { url: `http://127.0.0.1:${proxy.port}` });
        await badge(page).getByText('1', { exact: true }).waitFor();
        const ringing = () => page.locator('.belfry-bell-icon').getAttribute('data-ringing');
        expect(await ringing()).toBe('false');
        proxy.refuse();
        proxy.cut();
        await notify('rings', 'Meanwhile');
        proxy.heal();
        await badge(page).getByText('2', { exact: true }).waitFor();
        expect(await ringing()).toBe('false');
        await page.waitForFunction(() => (globalThis as unknown as Page$).belfry.status.getSnapshot().value === 'live');
        await notify('rings', 'Live');
        await page.locator('.belfry-bell-icon[data-ringing=true]').waitFor();
      } finally {
        await proxy.close();
      }
    });

    test('the keyboard reaches everything, and the focus is kept and returned', async () => {
      await sendSamples(server.server, 'keys');
      const { page } = await open('keys');
      await badge(page).waitFor();
      const focused = () =>
        page.evaluate(
          () => document.activeElement?.closest('.belfry-item')?.textContent ?? document.activeElement?.className,
        );
      await page.locator('.belfry-bell').focus();
      await page.keyboard.press('Enter');
      await page.locator('.belfry-item').first().waitFor();
      for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab');
      expect(await focused()).toContain('Ada Lovelace mentioned you');
      await page.keyboard.press('ArrowDown');
      expect(await focused()).toContain('Alan Turing');
      await page.keyboard.press('End');
      expect(await focused()).toContain('Welcome to Acme');
      await page.keyboard.press('Home');
      expect(await focused()).toContain('Ada Lovelace mentioned you');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.locator('.belfry-undo', { hasText: 'Archived' }).waitFor();
      await item(page, 'Ada Lovelace').waitFor({ state: 'detached' });
      expect(await focused()).toContain('Alan Turing');
      await page.keyboard.press('Escape');
      await page.locator('.belfry-popover').waitFor({ state: 'hidden' });
      expect(await focused()).toContain('belfry-bell');
    });

    test('what is archived can be brought back', async () => {
      await notify('undo', 'Keep me');
      const { page } = await open('undo');
      await page.click('.belfry-bell');
      await item(page, 'Keep me').hover();
      await item(page, 'Keep me').getByRole('button', { name: 'Archive' }).click();
      await page.getByText('You’re all caught up').waitFor();
      await page.getByLabel('Show').selectOption('Archive');
      await item(page, 'Keep me').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Nothing archived').waitFor();
      await page.getByLabel('Show').selectOption('Inbox');
      await item(page, 'Keep me').waitFor();
      await expect
        .poll(
          async () =>
            (await page.evaluate(() => (globalThis as unknown as Page$).belfry.inbox.getSnapshot())).items.length,
        )
        .toBe(1);
    });

    test('what was in view for a second is seen, and told in one request', async () => {
      await sendSamples(server.server, 'seen');
      const { page, requests } = await open('seen');
      await page.click('.belfry-bell');
      await page.waitForFunction(() => (globalThis as unknown as Page$).belfry.inbox.getSnapshot().unseen < 7);
      expect(requests.filter((request) => request === 'POST /v1/inbox/marks')).toHaveLength(1);
      expect(await page.evaluate(() => (globalThis as unknown as Page$).belfry.inbox.getSnapshot().unread)).toBe(7);
    });

    test('D4: a click marks as read and follows a path by the router; harmful addresses are no links', async () => {
      await notify('click', 'Go there', { actionUrl: '/stories/7', actions: [{ id: 'yes', label: 'Yes' }] });
      const { page } = await open('click');
      await page.click('.belfry-bell');
      await item(page, 'Go there').getByRole('button', { name: 'Yes' }).click();
      expect(await page.evaluate(() => (globalThis as unknown as { clicked: string[] }).clicked)).toEqual(['yes']);
      await item(page, 'Go there').getByRole('link', { name: 'Go there' }).click();
      await page.waitForURL('**/stories/7');
      await page.locator('.belfry-popover').waitFor({ state: 'hidden' });
      await badge(page).waitFor({ state: 'detached' });
    });

    test('offline it says since when, and afterwards nothing is lost or doubled', async () => {
      const proxy = await TcpProxy.start({ port: server.port });
      try {
        await notify('offline', 'Before');
        const { page } = await open('offline', { url: `http://127.0.0.1:${proxy.port}` });
        await page.click('.belfry-bell');
        await item(page, 'Before').waitFor();
        proxy.refuse();
        await context?.setOffline(true);
        proxy.cut();
        await page.getByText(/^Offline\. Shows what was there at \d+:\d\d/).waitFor();
        await item(page, 'Before').waitFor();
        await notify('offline', 'Meanwhile');
        proxy.heal();
        await context?.setOffline(false);
        await item(page, 'Meanwhile').waitFor();
        await page.getByText(/^Offline/).waitFor({ state: 'detached' });
        expect(await page.locator('.belfry-item').count()).toBe(2);
      } finally {
        await proxy.close();
      }
    });

    test('of some thousands of items only those near the view are on the page, and all can be reached', async () => {
      const count = 2_000;
      for (let from = 0; from < count; from += 200) {
        await Promise.all(
          Array.from({ length: 200 }, (_, n) =>
            notify(
              'many',
              `Item ${from + n}`,
              n % 3 === 0 ? { body: 'With some more to say, so that not all are of one height. '.repeat(3) } : {},
            ),
          ),
        );
      }
      const { page } = await open('many');
      await page.click('.belfry-bell');
      await page.locator('.belfry-item').first().waitFor();
      await page.evaluate(async () => {
        const { inbox } = (globalThis as unknown as Page$).belfry;
        while (inbox.getSnapshot().nextCursor !== null) await inbox.loadMore();
      });
      await page.locator(`.belfry-item[aria-setsize="${count}"]`).first().waitFor();
      await page.locator('.belfry-item').first().locator('[data-primary]').focus();
      await page.keyboard.press('End');
      await page.waitForFunction(
        (last) => document.activeElement?.closest('.belfry-item')?.getAttribute('aria-posinset') === String(last),
        count,
      );
      expect(await page.locator('.belfry-item').count()).toBeLessThan(80);
      await page.keyboard.press('Home');
      await page.waitForFunction(
        () => document.activeElement?.closest('.belfry-item')?.getAttribute('aria-posinset') === '1',
      );
    }, 120_000);

    workTests(open, () => server);

    describe('axe finds nothing', () => {
      beforeAll(() => sendSamples(server.server, 'axe'));

      for (const [name, query, width] of [
        ['light', '&tabs=1', 1280],
        ['dark', '&tabs=1&scheme=dark', 1280],
        ['on a phone, dark', '&scheme=dark', 390],
        ['from right to left', '&lang=ar', 1280],
        ['in German, as a list of its own', '&lang=de&view=list', 1280],
      ] as const) {
        test(name, async () => {
          const { page } = await open('axe', { query, width });
          if (!query.includes('view=list')) await page.click('.belfry-bell');
          await page.locator('.belfry-item').nth(5).waitFor();
          await page.evaluate(axe.source);
          const found = await page.evaluate(async () => {
            const { violations } = await (globalThis as unknown as Page$).axe.run(document, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            });
            return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' · ')}`);
          });
          expect(found).toEqual([]);
        });
      }
    });
  },
);

/** What the page holds for the tests. */
interface Page$ {
  belfry: import('@belfry/client').Belfry;
  reactVersion: string;
  axe: {
    run: (root: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
  };
}
