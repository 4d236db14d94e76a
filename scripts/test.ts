// `npm test`: finds or installs what the tests need, builds, runs them once, and ends with `N passed, N failed`.
// Arguments go on to vitest: `npm test -- packages/hub` runs the files whose path has that in it.
import { build } from './build.ts';
import type { Counts } from './testing/counts.ts';
import { prepare } from './testing/programs.ts';
import { runVitest } from './testing/vitest.ts';
import { wantedPrograms } from './testing/wanted.ts';

const args = process.argv.slice(2);
const skipped = missingPrograms();
// What could not be prepared is a failure of its own, but no reason not to run what can run.
const problems = [
  await buildProblem(),
  ...(isCi() ? skipped.filter(({ isExtra }) => !isExtra).map(ciProblem) : []),
].filter(isText);
const counts = runVitest(args, process.env);

for (const problem of problems) console.error(`\n${problem}`);
for (const { name, reason } of skipped) console.log(`\nThe tests that need ${name} were skipped: ${reason}.`);
for (const name of counts.retried) console.log(`\nPassed only when it was tried again, so look into it: ${name}`);
console.log(`\n${lastLine({ ...counts, failed: counts.failed + problems.length })}`);
process.exitCode = counts.failed + problems.length > 0 ? 1 : 0;

interface Missing {
  name: string;
  reason: string;
  isExtra: boolean;
}

function missingPrograms(): Missing[] {
  const prepared = wantedPrograms(args).map((program) => {
    const { name, isExtra = false } = program;
    return { name, isExtra, reason: prepare(program) };
  });
  return prepared.filter((one): one is Missing => one.reason !== undefined);
}

/** On a build machine a skipped test would be a promise that nobody checks. */
function ciProblem({ name, reason }: Missing): string {
  return `With CI set the tests that need ${name} must run, and they can't: ${reason}.`;
}

async function buildProblem(): Promise<string | undefined> {
  try {
    await build((line) => console.log(line));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isText(problem: string | undefined): problem is string {
  return problem !== undefined;
}

function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env.CI ?? '');
}

function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
