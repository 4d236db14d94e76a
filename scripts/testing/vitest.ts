import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { show, tool } from '../run/command.ts';
import { type Counts, countsFile } from './counts.ts';

/** Runs vitest once, in full view. A run that ended badly without a failed test counts as one failure. */
export function runVitest(args: readonly string[], env: NodeJS.ProcessEnv): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'));
  const file = join(folder, 'counts.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/testing/counts.ts'];
    // A build that ran before leaves `production` behind, in which React has no `act`.
    const code = show(tool('vitest'), ['run', ...reporters, ...args], { ...env, NODE_ENV: 'test', [countsFile]: file });
    return judged(readCounts(file), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judged(counts: Counts | undefined, code: number): Counts {
  if (counts === undefined)
    return trouble({ passed: 0, failed: 0, skipped: 0, retried: [] }, `vitest ended with ${code} and no result`);
  if (counts.passed + counts.failed === 0) return trouble(counts, 'no test ran');
  return code !== 0 && counts.failed === 0 ? trouble(counts, `vitest ended with ${code}`) : counts;
}

function trouble(counts: Counts, what: string): Counts {
  console.error(`\n${what}`);
  return { ...counts, failed: counts.failed + 1 };
}

function readCounts(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}
