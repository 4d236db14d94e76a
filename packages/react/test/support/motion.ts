import type { Page } from 'playwright-core';
import type { FakeBelfry } from '../../workbench/fake/belfry.ts';

/** What moves where it may. */
export const MOVING = [
  'belfry-banner',
  'belfry-bell-icon',
  'belfry-icon',
  'belfry-popover',
  'belfry-run-fill',
  'belfry-skeleton',
  'belfry-undo',
  'belfry-waiting',
];

/** A banner comes late, which is an animation too, if one of a single step. */
const WAITS = 'belfry-banner';

/** The first class of all that moves on the page, also when something new has come to every bell; of each the first. */
export async function moving(page: Page): Promise<string[]> {
  await ring(page);
  const animated = await page.evaluate(animatedNow);
  const begun = await page.evaluate(() => (globalThis as unknown as Begun).begun);
  return [...new Set([...animated, ...begun.filter((name) => name !== WAITS)])].sort();
}

async function ring(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { workbench } = globalThis as unknown as { workbench: Map<string, FakeBelfry> };
    for (const fake of workbench.values()) fake.happens('notification.created', { notification: { title: 'News' } });
  });
  // Without an animation it stays so; with one, only until that ends.
  await page.waitForFunction(
    () =>
      document.querySelector('[data-ringing=true]') !== null ||
      (globalThis as unknown as Begun).begun.includes('belfry-bell-icon'),
  );
  // What began in that frame has been told of in the next.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** As `openWorkbench` has it noted. */
interface Begun {
  begun: string[];
}

/** All that is animated, or would be where it changes. In one step nothing moves. */
function animatedNow(): string[] {
  const isAnimated = (element: Element, pseudo?: string): boolean => {
    const { animationName, animationTimingFunction, transitionDuration } = getComputedStyle(element, pseudo);
    const moves = animationName !== 'none' && !animationTimingFunction.startsWith('steps(1');
    return moves || transitionDuration.split(', ').some((seconds) => seconds !== '0s');
  };
  const animated = [...document.querySelectorAll('#states *')].filter((element) =>
    [undefined, '::before', '::after'].some((pseudo) => isAnimated(element, pseudo)),
  );
  return animated.map((element) => element.classList[0] ?? element.tagName);
}
