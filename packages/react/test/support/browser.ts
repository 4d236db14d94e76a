import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromiumPath } from '@belfry/contract-tests/chromium';
import { type Browser, chromium } from 'playwright-core';

const executablePath = chromiumPath();
/** Words for the name of what is skipped; empty where there is a browser. */
export const whyNoBrowser = executablePath ? '' : ' (skipped: there is no Chromium; set BELFRY_CHROMIUM)';

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

export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath as string, args: [...ARGS, ...more] });
}

/** The page on this React, into a folder. In a process of its own: Vite keeps this one's streams open. */
export async function buildPage(outDir: string, react: '18' | '19' = '19', mode = 'development'): Promise<void> {
  const vite = fileURLToPath(new URL('../../../../node_modules/vite/bin/vite.js', import.meta.url));
  const config = fileURLToPath(new URL('../page/vite.config.ts', import.meta.url));
  const args = [vite, 'build', '--config', config, '--outDir', outDir, '--emptyOutDir'];
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, REACT: react, MODE: mode } });
}
