// `npm run bench`: Belfry beside its peers. See options.ts for what it takes, RESULTS.md for what it gives.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { drawPlots } from './plot/draw.ts';
import { reportMarkdown } from './report/report.ts';
import type { CaseResult } from './report/results.ts';
import { keep, kept, storedOf } from './report/stored.ts';
import { planned, runCases } from './run.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { endServices } from './services/services.ts';

const RESULTS = fileURLToPath(new URL('../RESULTS.md', import.meta.url));
const FIGURES = fileURLToPath(new URL('../results', import.meta.url));
const PLOTS = fileURLToPath(new URL('../plots', import.meta.url));

async function bench(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (options.isReportOnly) {
    report();
    return;
  }
  if (!existsSync('/proc/self/stat')) throw new UsageError('The bench reads /proc, so it runs on Linux only.');
  const cases = planned(options);
  if (cases.length === 0) throw new UsageError('None of these --peers is measured by any of these scenarios.');
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  const machine = describeMachine(cases.flatMap(({ peers }) => peers));
  const run = { begun: new Date().toISOString(), command, machine };
  // After each case, so that an interrupted run has not been for nothing.
  publish(await runCases(cases, options, run, (soFar) => options.saves && save(soFar)), options);
}

function publish(results: readonly CaseResult[], { out, json }: Options): void {
  const markdown = reportMarkdown(results, null);
  process.stdout.write(`${markdown}\n`);
  if (out !== null) writeFileSync(out, markdown);
  if (json !== null)
    writeFileSync(
      json,
      `${JSON.stringify(
        results.map((result) => storedOf([result])),
        null,
        2,
      )}\n`,
    );
}

/** Beside what was measured of the others before. */
function save(results: readonly CaseResult[]): void {
  keep(FIGURES, results);
  report();
}

function report(): void {
  const all = kept(FIGURES, SCENARIOS);
  drawPlots(PLOTS, all);
  writeFileSync(RESULTS, reportMarkdown(all, 'plots'));
}

// Children end with this process, and `exit` handlers run only where it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endServices().finally(() => process.exit(1)));
}

bench(process.argv.slice(2))
  .catch((error: Error) => {
    const mend = error instanceof UsageError ? ' "npm run bench -- --help" says what there is.' : '';
    process.stderr.write(`bench: ${error.message}${mend}\n`);
    process.exitCode = 1;
  })
  .finally(endServices);
