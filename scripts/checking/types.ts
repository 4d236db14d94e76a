import { globSync } from 'node:fs';
import { join } from 'node:path';
import { capture, type Outcome, tool } from '../run/command.ts';
import { root } from '../workspace/packages.ts';

/** Every tsconfig of the workspace, two at a time; all are run, so that one run tells of every error. */
export async function checkTypes(): Promise<Outcome> {
  const waiting = globSync('{packages/*/,bench/,}tsconfig{,.*}.json', { cwd: root })
    .filter((config) => config !== 'tsconfig.base.json')
    .sort();
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let config = waiting.shift(); config; config = waiting.shift()) outcomes.push(await check(config));
  };
  await Promise.all([worker(), worker()]);
  const lines = new Set(outcomes.flatMap(({ output }) => output.split('\n')));
  return { code: outcomes.some(({ code }) => code !== 0) ? 1 : 0, output: [...lines].join('\n') };
}

/** What was found is kept: the next run looks only at what has changed, and at what depends on it. */
function check(config: string): Promise<Outcome> {
  const kept = join('node_modules/.cache/types', `${config.replaceAll('/', '.')}.tsbuildinfo`);
  return capture(tool('tsc'), [
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    kept,
    '--pretty',
    'false',
    '-p',
    config,
  ]);
}
