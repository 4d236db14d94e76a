import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Options of a test that drives a browser, a program that now and then hangs or dies by itself: what failed is tried
 * once more, and the run's last lines name it. What Belfry does wrong by chance shows there too: look at each.
 */
export const BROWSER_TEST = { retry: 1 };

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Where the browser for the browser tests is: `BELFRY_CHROMIUM`, else the first of the usual names on the PATH.
 * `undefined`: there is none, and the tests that need one are skipped.
 */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.BELFRY_CHROMIUM;
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
