import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER_TEST } from '@belfry/contract-tests/chromium';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FakeBelfry } from '../workbench/fake/belfry.ts';
import { whyNoBrowser } from './support/browser.ts';
import { lostInHighContrast } from './support/contrast.ts';
import { MOVING, moving } from './support/motion.ts';
import { differencesFrom } from './support/pictures.ts';
import { cutAtTheWrongEnd, textSizes } from './support/text.ts';
import { buildWorkbench, type Look, launchSteadyBrowser, missingFonts, openWorkbench } from './support/workbench.ts';

type Window$ = {
  axe: {
    run: (root: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
  };
  workbench: Map<string, FakeBelfry>;
};

/** These two are looked at by axe only: dark and narrow have a picture each already, and pictures are heavy. */
const WITHOUT_PICTURE = ['dark-1280', 'light-390'];

const LOOKS: [string, Look][] = [
  ['light-1280', { width: 1280, scheme: 'light', dir: 'ltr' }],
  ['dark-1280', { width: 1280, scheme: 'dark', dir: 'ltr' }],
  ['light-390', { width: 390, scheme: 'light', dir: 'ltr' }],
  ['dark-rtl-390', { width: 390, scheme: 'dark', dir: 'rtl' }],
  ['inbox-light-1280', { width: 1280, scheme: 'light', dir: 'ltr', inbox: true }],
  ['inbox-dark-390', { width: 390, scheme: 'dark', dir: 'ltr', inbox: true }],
];

describe.skipIf(whyNoBrowser !== '')(
  `every state of every component${whyNoBrowser}`,
  { ...BROWSER_TEST, timeout: 180_000 },
  () => {
    let folder: string;
    let browser: Browser;
    let page: Page;
    const troubles: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'belfry-workbench-'));
      await buildWorkbench(folder);
      browser = await launchSteadyBrowser();
    }, 120_000);
    afterEach(async () => {
      await page?.context().close();
      expect(troubles.splice(0)).toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function open(look: Look): Promise<void> {
      page = await openWorkbench(browser, folder, look, (trouble) => troubles.push(trouble));
    }

    describe.each(LOOKS)('%s', (name, look) => {
      test('looks as it did, has nothing that axe finds, is wider than the page, moves, or is lost in high contrast', async (context) => {
        await open(look);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(look.width);
        const missing = await missingFonts(page);
        // Before anything takes long: what can be undone can be so for a while.
        const differences =
          missing.length > 0 || WITHOUT_PICTURE.includes(name) ? [] : await differencesFrom(page, name);
        expect(await axeFinds(page)).toEqual([]);
        expect(await moving(page)).toEqual([]);
        expect(await lostInHighContrast(page)).toEqual([]);
        expect(differences).toEqual([]);
        if (missing.length > 0 && !process.env.CI) context.skip(`this machine lacks ${missing.join(', ')}`);
        expect(missing).toEqual([]);
      });
    });

    test('for who did not ask for less motion the bell, the list, what loads and what runs do move', async () => {
      const found = new Set<string>();
      for (const look of [LOOKS[0]![1], LOOKS.at(-1)![1]]) {
        await open({ ...look, moves: true });
        for (const name of await moving(page)) found.add(name);
        await page.context().close();
      }
      expect([...found].sort()).toEqual(MOVING);
    });

    test('what does not fit is cut off at the end of its own lines, whichever way all around it runs', async () => {
      for (const look of [LOOKS[0]![1], { ...LOOKS[0]![1], dir: 'rtl' as const }]) {
        await open(look);
        expect(await cutAtTheWrongEnd(page)).toEqual([]);
        await page.context().close();
      }
    });

    test('text grows with the font of the page’s root, and fits; it is no smaller where that is small', async () => {
      await open(LOOKS[2]![1]);
      const usual = await textSizes(page, 16);
      expect(usual.length).toBeGreaterThan(5);
      expect(await textSizes(page, 24)).toEqual(usual.map((size) => expect.closeTo(size * 1.5, 2)));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(await textSizes(page, 10)).toEqual(usual);
    });

    describe('a log', () => {
      const WIDE = LOOKS[0]![1];
      const log = (state: string) => page.locator('.state', { hasText: state }).locator('[role=log]');
      const follow = (state: string) => page.locator('.state', { hasText: state }).locator('.belfry-log-follow');
      const UP = 'Scrolled up, more has come';
      const TALL = 'Follows ten thousand lines';
      const atEnd = (state: string) =>
        log(state).evaluate((view) => view.scrollHeight - view.scrollTop - view.clientHeight <= 1);
      const lineAtTop = (state: string) =>
        log(state).evaluate((view) => {
          const box = view.getBoundingClientRect();
          const lines = [...view.querySelectorAll<HTMLElement>('[data-n]')];
          return Number(lines.find((line) => line.getBoundingClientRect().bottom > box.top + 1)?.dataset.n);
        });

      test('of ten thousand lines draws those that can be seen, and stands at its end', async () => {
        await open(WIDE);
        expect(await log(TALL).locator('[data-n]').count()).toBeLessThan(250);
        expect(await atEnd(TALL)).toBe(true);
        await log(TALL).evaluate((view) => view.scrollTo({ top: 100_000 }));
        await log(TALL).locator('[data-n="5001"]').waitFor();
        expect(await log(TALL).locator('[data-n]').count()).toBeLessThan(250);
      });

      test('that is scrolled up stays where it is, counts what comes, and follows again when asked', async () => {
        await open(WIDE);
        await follow(UP).filter({ hasText: '128 new lines · Follow' }).waitFor();
        const before = await lineAtTop(UP);
        await page.evaluate((state) => {
          const feed = (globalThis as unknown as Window$).workbench.get(state)!.feed('x');
          const { lines } = feed.getSnapshot();
          const more = [1, 2].map((n) => ({ ...lines[0]!, n: lines.length + n }));
          feed.set({ lines: [...lines, ...more] });
        }, UP);
        await follow(UP).filter({ hasText: '130 new lines' }).waitFor();
        expect(await lineAtTop(UP)).toBe(before);
        await follow(UP).click();
        await follow(UP).waitFor({ state: 'detached' });
        expect(await atEnd(UP)).toBe(true);
      });

      test('stays where it is when earlier lines are put before', async () => {
        await open(WIDE);
        const state = 'Earlier lines on their way';
        const set = (from: number, to: number) =>
          page.evaluate(
            ([name, first, last]) => {
              const feed = (globalThis as unknown as Window$).workbench.get(name)!.feed('x');
              const line = feed.getSnapshot().lines[0]!;
              const lines = Array.from({ length: last - first + 1 }, (_, at) => ({ ...line, n: first + at }));
              feed.set({ lines, loadingEarlier: false });
            },
            [state, from, to] as const,
          );
        await set(1_000, 1_400);
        await log(state).locator('[data-n="1400"]').waitFor();
        await log(state).evaluate((view) => view.scrollTo({ top: 1_010 }));
        await follow(state).waitFor();
        const before = await lineAtTop(state);
        await set(500, 1_400);
        await log(state)
          .locator(`[data-n="${before - 20}"]`)
          .waitFor({ state: 'attached' });
        expect(await lineAtTop(state)).toBe(before);
      });

      test('gives a selection without the numbers of its lines, and keeps it while it is scrolled away', async () => {
        await open(WIDE);
        await log(TALL).evaluate((view) => {
          const [from, to] = [view.querySelector('[data-n="9984"]')!, view.querySelector('[data-n="9985"]')!];
          getSelection()!.setBaseAndExtent(from, 0, to, to.childNodes.length);
        });
        await page.locator('.state', { hasText: TALL }).getByText('Copy selection').waitFor();
        await log(TALL).evaluate((view) => view.scrollTo({ top: view.scrollTop - 60_000 }));
        await log(TALL).locator('[data-n="7000"]').waitFor();
        const text = await page.evaluate(() => String(getSelection()));
        expect(text).toMatch(/^src\/pages\/orders\.tsx .*\n {2}✓ keeps the cart/);
        expect(text).not.toMatch(/998/);
      });
    });
  },
);

async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as Window$).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // The same list stands here a dozen times, which no other page would do.
      rules: { 'landmark-unique': { enabled: false } },
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' · ')}`);
  });
}
