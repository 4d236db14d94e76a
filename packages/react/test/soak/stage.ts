import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Belfry } from '@belfry/client';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { buildPage, launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { type PageServer, startPageServer } from '../support/server.ts';

/** The page of the tests at a real server, in a browser whose counters can be read. */
export class Stage {
  readonly server: PageServer;
  readonly page: Page;
  readonly session: CDPSession;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(server: PageServer, browser: Browser, page: Page, session: CDPSession, folder: string) {
    this.server = server;
    this.page = page;
    this.session = session;
    this.#browser = browser;
    this.#folder = folder;
  }

  /** `through`: by which port the page reaches the server's, if not by that itself. */
  static async set(user: string, query: string, through = async (port: number) => port): Promise<Stage> {
    if (whyNoBrowser !== '') throw new Error('There is no Chromium. Set BELFRY_CHROMIUM to one.');
    const folder = await mkdtemp(join(tmpdir(), 'belfry-soak-'));
    await buildPage(folder, '19', 'production');
    const server = await startPageServer({ page: folder });
    const browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (error) => console.error(String(error)));
    await page.goto(`http://127.0.0.1:${await through(server.port)}/page?user=${user}${query}`);
    await page.waitForFunction(() => (globalThis as unknown as Globals).belfry.status.getSnapshot().value === 'live');
    return new Stage(server, browser, page, await page.context().newCDPSession(page), folder);
  }

  async strike(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    await rm(this.#folder, { recursive: true });
  }
}

/** What the page holds for those who look. */
export interface Globals {
  belfry: Belfry;
  show: (what: { view?: string | null; run?: string | null }) => void;
}
