import { chromiumPath } from '@belfry/contract-tests/chromium';
import { chromium, type Page } from 'playwright-core';
import type { Example } from './cases.ts';

const TITLE = 'The coffee is ready';

interface Visit {
  example: Example;
  url: string;
  /** Sends to the person who is signed in. */
  send: (title: string) => Promise<void>;
  /** Where a picture of what was seen goes; none: nowhere. */
  picture?: string | undefined;
}

/** Opens the page and looks whether what is sent arrives by itself, and that nothing complains. */
export async function visit({ example, url, send, picture }: Visit): Promise<void> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('There is no Chromium. Install one, or set BELFRY_CHROMIUM.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 760 } });
    const troubles = troublesOf(page);
    const html = await fetch(url).then((response) => response.text());
    if (example.rendered && !example.rendered.test(html))
      throw new Error(`The server did not render ${example.rendered}.`);
    const streams = page.waitForResponse((response) => response.url().endsWith('/v1/stream') && response.ok());
    await page.goto(url);
    await streams;
    await send(TITLE);
    if (example.bell) await page.click(example.bell);
    await page.locator(example.item, { hasText: TITLE }).waitFor();
    if (example.coloured) await expectColours(page, example.coloured);
    if (picture) await page.screenshot({ path: picture });
    if (troubles.length > 0) throw new Error(`The page complained:\n${troubles.join('\n')}`);
  } finally {
    await browser.close();
  }
}

/** Build tools may rewrite a stylesheet until nothing is left of its colours. */
async function expectColours(page: Page, selector: string): Promise<void> {
  const colours = new Set<string>();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    colours.add(await page.locator(selector).evaluate((element) => getComputedStyle(element).backgroundColor));
  }
  const found = [...colours].join(' and ');
  if (colours.has('rgba(0, 0, 0, 0)') || colours.size < 2) throw new Error(`${selector} has the colour ${found}.`);
}

function troublesOf(page: Page): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    const isMissingIcon = message.location().url.endsWith('/favicon.ico');
    if (['error', 'warning'].includes(message.type()) && !isMissingIcon) troubles.push(message.text());
  });
  return troubles;
}
