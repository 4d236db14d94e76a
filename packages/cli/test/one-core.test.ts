import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SOURCE = new URL('../src/one-core.ts', import.meta.url).href;
const SCRIPT = `
  const { collectByCores, compileSoon } = await import('${SOURCE}');
  collectByCores();
  compileSoon();
  console.log('told');`;

const cantHold = spawnSync('taskset', ['-c', '0', 'true']).status !== 0;

it.skipIf(cantHold)('on one core V8 is told how to work in words that it knows', { timeout: 60_000 }, async () => {
  const node = [process.execPath, '--input-type=module', '--eval', SCRIPT];
  const { stdout, stderr } = await promisify(execFile)('taskset', ['-c', '0', ...node]);
  expect(stdout).toBe('told\n');
  // Here it would say what it does not know.
  expect(stderr).toBe('');
});
