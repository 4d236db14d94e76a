// `npm test`: finds or installs what the tests need, builds, runs them once, and ends with `N passed, N failed`.
// Arguments go on to vitest: `npm test -- packages/hub` runs the files whose path has that in it.
import { build } from './build.ts';
import { type Browser, findBrowser } from './testing/browser.ts';
import type { Counts } from './testing/counts.ts';
import { runVitest } from './testing/vitest.ts';
import { wantBrowser } from './testing/wanted.ts';

const args = process.argv.slice(2);
const browser = wantBrowser(args) ? findBrowser() : undefined;
// What could not be prepared is a failure of its own, but no reason not to run what can run.
const problems = [await buildProblem(), browserProblem(browser)].filter((problem) => problem !== undefined);
const counts = runVitest(args, browserEnv(browser));

for (const problem of problems) console.error(`\n${problem}`);
if (browser && 'missing' in browser) console.log(`\nThe browser tests were skipped: ${browser.missing}.`);
console.log(`\n${lastLine({ ...counts, failed: counts.failed + problems.length })}`);
process.exitCode = counts.failed + problems.length > 0 ? 1 : 0;

async function buildProblem(): Promise<string | undefined> {
  try {
    await build((line) => console.log(line));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** On a build machine a skipped browser test would be a promise that nobody checks. */
function browserProblem(browser: Browser | undefined): string | undefined {
  if (!browser || 'path' in browser || !isCi()) return undefined;
  return 'With CI set the browser tests must run, and there is no browser.';
}

function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}

function browserEnv(browser: Browser | undefined): NodeJS.ProcessEnv {
  return browser && 'path' in browser ? { ...process.env, BELFRY_CHROMIUM: browser.path } : process.env;
}

function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
