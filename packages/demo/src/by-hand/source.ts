import { readFileSync } from 'node:fs';

/** The text of the route itself, so that what the page shows is what runs. The same path from `src` and `dist`. */
export function byHandSource(): string {
  return readFileSync(new URL('../../src/by-hand/route.ts', import.meta.url), 'utf8');
}
