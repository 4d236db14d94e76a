import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

interface Report {
  readonly testResults: readonly { readonly name: string; readonly message: string }[];
}

const fixtures = join(import.meta.dirname, 'fixtures', 'leaking');
const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');

/** Runs every fixture in a vitest of its own; each file's test passes, so only the file itself can fail. */
function runFixtures(folder: string): Map<string, string> {
  const report = join(folder, 'report.json');
  const args = ['run', '--root', fixtures, '--reporter=json', `--outputFile=${report}`];
  const { stderr } = spawnSync(process.execPath, [vitest, ...args], { encoding: 'utf8' });
  if (!existsSync(report)) throw new Error(`vitest wrote no report: ${stderr}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return new Map(testResults.map(({ name, message }) => [basename(name), message]));
}

test('a file fails for what it leaves open, and only for that', () => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-leaks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const told = runFixtures(folder);
  expect(Object.fromEntries(told)).toEqual({
    'server.fixture.ts': expect.stringContaining('1 × TCPServerWrap'),
    'socket.fixture.ts': expect.stringContaining('2 × TCPSocketWrap'),
    'heartbeat.fixture.ts': expect.stringMatching(/setInterval at .*heartbeat\.fixture\.ts:4:/),
    'timer.fixture.ts': expect.stringMatching(/setTimeout at .*timer\.fixture\.ts:5:/),
    'worker.fixture.ts': expect.stringMatching(/Worker at .*worker\.fixture\.ts:5:/),
    'child.fixture.ts': expect.stringContaining('1 × ProcessWrap'),
    'tidy.fixture.ts': '',
  });
}, 60_000);
