import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

/** How the workbench is looked at. */
export interface Look {
  width: 1280 | 390;
  scheme: 'light' | 'dark';
  dir: 'ltr' | 'rtl';
}

const executablePath = chromiumPath() ?? '/usr/bin/chromium';

const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // What is left of the differences between machines with the same fonts.
  '--font-render-hinting=none',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGS });
}

/** The workbench as it is now. In a process of its own: Vite keeps this one's streams open. */
export async function buildWorkbench(outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('../../workbench/vite.config.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir']);
}

/** A page that shows it, in the same language, time zone and motion everywhere; its files come from `built`. */
export async function openWorkbench(browser: Browser, built: string, { width, scheme, dir }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    hasTouch: width === 390,
  });
  const page = await context.newPage();
  await page.route('http://workbench.test/**', (route) =>
    route.fulfill({ path: join(built, new URL(route.request().url()).pathname) }),
  );
  await page.goto(`http://workbench.test/states.html?scheme=${scheme}&dir=${dir}`);
  await page.locator('html[data-ready]').waitFor();
  return page;
}
