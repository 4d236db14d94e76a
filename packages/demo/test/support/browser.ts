import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = chromiumPath() ?? '/usr/bin/chromium';
/** Words for the name of what is skipped; empty where there is a browser. */
export const whyNoBrowser = existsSync(executablePath)
  ? ''
  : ` (skipped: there is no ${executablePath}; set BELFRY_CHROMIUM)`;

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

/** The page as it is now, whatever the last build was. In a process of its own: Vite keeps this one's streams open. */
export async function buildPage(outDir: string): Promise<void> {
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [vite, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir']);
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGS });
}

/** Waits until the page itself says so. */
export async function hears(page: Page, selector: string, text: RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).first().waitFor();
}
