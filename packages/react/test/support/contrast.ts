import type { Page } from 'playwright-core';

/** Marks that are nothing but a background, which high contrast takes away unless it is one of the system's colours. */
const MARKS = [
  ['.belfry-badge'],
  ['.belfry-item[data-unread="true"]', '::before'],
  ['.belfry-run-bar[data-unknown="false"] .belfry-run-fill'],
] as const;

/** Those of them on the page that can't be told from what is behind them once the system asks for high contrast. */
export async function lostInHighContrast(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' });
  return page.evaluate((marks) => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.backgroundColor = 'Canvas';
    const nothing = ['rgba(0, 0, 0, 0)', getComputedStyle(probe).backgroundColor];
    const isLost = ([selector, pseudo]: readonly [string, string?]): boolean =>
      [...document.querySelectorAll(selector)].some((element) =>
        nothing.includes(getComputedStyle(element, pseudo).backgroundColor),
      );
    return marks.filter(isLost).map(([selector]) => selector);
  }, MARKS);
}
