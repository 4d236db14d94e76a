import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** Where the pictures are that a page must look like: at half its size, which is enough to see what moved. */
const stored = (name: string): string => fileURLToPath(new URL(`../pictures/${name}.webp`, import.meta.url));

const renews = process.env.BELFRY_RENEW_PICTURES === '1';

/** Squares of so many pixels of the halved picture are compared by their mean, so the edges of letters don't count. */
const SQUARE = 4;
/** Of 255. What another version of the browser changes is below this; another word is above. */
const ALLOWED = 20;

/**
 * The names of the states on the page that look different from the stored picture; all of them where it has another
 * size. With `renews` the picture is stored instead.
 */
export async function differencesFrom(page: Page, name: string): Promise<string[]> {
  const taken = await page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' });
  if (renews) {
    await writeFile(stored(name), Buffer.from(await halved(page, taken), 'base64'));
    return [];
  }
  if (!existsSync(stored(name))) return [`there is no picture ${name}; \`npm run workbench -- --update\` makes it`];
  const places = await differences(page, await readFile(stored(name)), taken);
  return statesAt(page, places);
}

/** Compressed by the browser, without loss: that is what quality 1 means to it. */
function halved(page: Page, taken: Buffer): Promise<string> {
  return page.evaluate(async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(Math.ceil(image.width / 2), Math.ceil(image.height / 2));
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 1 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }, taken.toString('base64'));
}

/** Where squares differ, in pixels of the page. */
function differences(page: Page, before: Buffer, now: Buffer): Promise<{ x: number; y: number }[]> {
  return page.evaluate(
    async ([webp, png, square, allowed]) => {
      const load = async (url: string) => createImageBitmap(await (await fetch(url)).blob());
      const [old, fresh] = [await load(`data:image/webp;base64,${webp}`), await load(`data:image/png;base64,${png}`)];
      const width = Math.ceil(fresh.width / 2 / square);
      const height = Math.ceil(fresh.height / 2 / square);
      // Drawn so small that each pixel is the mean of a square, by halves: a browser looks at few pixels for more.
      const means = (image: ImageBitmap, scale: number): Uint8ClampedArray => {
        let [from, size]: [CanvasImageSource, number] = [image, scale];
        let canvas = new OffscreenCanvas(1, 1);
        for (let wide = image.width, high = image.height; size > 1; size /= 2) {
          const next = new OffscreenCanvas(Math.ceil(wide / 2), Math.ceil(high / 2));
          const context = next.getContext('2d')!;
          context.imageSmoothingQuality = 'high';
          context.drawImage(from, 0, 0, next.width, next.height);
          [from, canvas, wide, high] = [next, next, next.width, next.height];
        }
        return canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
      };
      const [one, other] = [means(old, square), means(fresh, square * 2)];
      const found: { x: number; y: number }[] = [];
      for (let at = 0; at < one.length; at += 4) {
        const most = Math.max(...[0, 1, 2].map((channel) => Math.abs(one[at + channel]! - other[at + channel]!)));
        const place = at / 4;
        if (most > allowed) found.push({ x: (place % width) * square * 2, y: Math.floor(place / width) * square * 2 });
      }
      return found;
    },
    [before.toString('base64'), now.toString('base64'), SQUARE, ALLOWED] as const,
  );
}

/** Which states stand at these places of the page. */
function statesAt(page: Page, places: { x: number; y: number }[]): Promise<string[]> {
  return page.evaluate((points) => {
    const nameAt = ({ x, y }: { x: number; y: number }): string => {
      const states = [...document.querySelectorAll('.state')];
      const state = states.find((one) => {
        const box = one.getBoundingClientRect();
        const [left, top] = [box.left + scrollX, box.top + scrollY];
        return x + 16 > left && x < left + box.width && y + 16 > top && y < top + box.height;
      });
      return state?.querySelector('.state-name')?.textContent ?? `what is at ${x}, ${y}`;
    };
    return [...new Set(points.map(nameAt))];
  }, places);
}
