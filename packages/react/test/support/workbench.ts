import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

/** How the workbench is looked at. */
export interface Look {
  width: 1280 | 390;
  scheme: 'light' | 'dark';
  dir: 'ltr' | 'rtl';
  /** The inbox, open, instead of everything else. */
  inbox?: boolean;
  /** Nothing may move, unless it is to. */
  moves?: boolean;
}

/** What is left of the differences between machines with the same fonts. */
const SAME_EVERYWHERE = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

export function launchSteadyBrowser(): Promise<Browser> {
  return launchBrowser(SAME_EVERYWHERE);
}

/** The workbench as it is now. In a process of its own: Vite keeps this one's streams open. */
export async function buildWorkbench(outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('../../workbench/vite.config.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir']);
}

/**
 * A page that shows it, in the same language, time zone and motion everywhere; its files come from `built`. `begun` on it
 * has the class of each element that began to be animated.
 */
export async function openWorkbench(
  browser: Browser,
  built: string,
  { width, scheme, dir, inbox, moves }: Look,
  onTrouble: (trouble: string) => void,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: moves ? 'no-preference' : 'reduce',
    hasTouch: width === 390,
  });
  await context.addInitScript(() => {
    const begun: string[] = [];
    Object.assign(globalThis, { begun });
    addEventListener('animationstart', ({ target }) => begun.push((target as Element).classList[0] ?? ''));
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => onTrouble(String(error)));
  page.on('console', (message) => message.type() === 'error' && onTrouble(message.text()));
  await page.route('http://workbench.test/**', (route) =>
    route.fulfill({ path: join(built, new URL(route.request().url()).pathname) }),
  );
  await page.goto(`http://workbench.test/states.html?scheme=${scheme}&dir=${dir}${inbox ? '&inbox' : ''}`);
  await page.locator('html[data-ready]').waitFor();
  return page;
}

/** Those of the workbench's fonts that are not here: with others, everything is of another width. */
export function missingFonts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    const widthIn = (font: string): number => {
      context.font = `40px ${font}`;
      return context.measureText('Belfry rings, il WM 0123').width;
    };
    return ['Liberation Sans', 'DejaVu Sans', 'DejaVu Sans Mono'].filter((font) =>
      ['serif', 'cursive'].every((other) => widthIn(`"${font}", ${other}`) === widthIn(other)),
    );
  });
}
