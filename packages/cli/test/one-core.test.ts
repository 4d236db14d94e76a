import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { command } from './support/run.ts';

const cantHold = spawnSync('taskset', ['-c', '0', 'true']).status !== 0;

it.skipIf(cantHold)('on one core V8 is told how to work in words that it knows', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)('taskset', ['-c', '0', process.execPath, command, '--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  // Here it would say what it does not know.
  expect(stderr).toBe('');
});
