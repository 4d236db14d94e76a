// `npm run bench`: Belfry beside its peers. See options.ts for what it takes, RESULTS.md for what it gives.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import { rawFigures } from './raw-figures.ts';
import { type Report, reportMarkdown } from './report.ts';
import { planned, runCases } from './run.ts';
import { endServices } from './services/services.ts';

const RESULTS = fileURLToPath(new URL('../RESULTS.md', import.meta.url));

async function bench(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (!existsSync('/proc/self/stat')) throw new UsageError('The bench reads /proc, so it runs on Linux only.');
  const machine = describeMachine(options.peers);
  const results = await runCases(planned(options), options);
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  publish({ command, machine, results }, options, args.length === 0);
}

function publish(report: Report, options: Options, isWhole: boolean): void {
  const markdown = reportMarkdown(report);
  process.stdout.write(`${markdown}\n`);
  const out = options.out ?? (isWhole ? RESULTS : null);
  if (out !== null) writeFileSync(out, markdown);
  if (options.json !== null) writeFileSync(options.json, rawFigures(report));
}

// Children end with this process, and `exit` handlers run only where it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endServices().finally(() => process.exit(1)));
}

bench(process.argv.slice(2))
  .catch((error: Error) => {
    process.stderr.write(`bench: ${error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error.message}\n`);
    process.exitCode = 1;
  })
  .finally(endServices);
