import type { Page } from 'playwright-core';

/** Texts that may be cut off, and would be so at the wrong end: whose box runs another way than their lines. */
export function cutAtTheWrongEnd(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isCut = ({ webkitLineClamp, textOverflow }: CSSStyleDeclaration): boolean =>
      webkitLineClamp !== 'none' || textOverflow === 'ellipsis';
    const runs = (text: string): string | undefined => {
      const first = /\p{L}/u.exec(text)?.[0];
      if (first !== undefined) return /[\u0590-\u08ff]/.test(first) ? 'rtl' : 'ltr';
    };
    return [...document.querySelectorAll('.belfry-root *')].flatMap((element) => {
      const style = getComputedStyle(element);
      const [text, direction] = [element.textContent, runs(element.textContent)];
      return isCut(style) && direction !== undefined && direction !== style.direction ? [text] : [];
    });
  });
}

/** All sizes that text of the components has at this font of the page's root, in pixels, the smallest first. */
export function textSizes(page: Page, rootPx: number): Promise<number[]> {
  return page.evaluate((px) => {
    document.documentElement.style.fontSize = `${px}px`;
    const hasText = ({ childNodes }: Element): boolean =>
      [...childNodes].some(({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && nodeValue?.trim() !== '');
    const sizes = [...document.querySelectorAll('.belfry-root *')]
      .filter(hasText)
      .map((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    return [...new Set(sizes)].sort((one, other) => one - other);
  }, rootPx);
}
