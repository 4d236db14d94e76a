import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../workspace/packages.ts';

const file = join(root, 'node_modules', '.cache', 'belfry-build', 'lock');

/** One build at a time in a checkout: two `npx belfry` started together must not write the same `dist`. */
export async function withBuildLock(build: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  while (!take()) await sleep(50);
  try {
    await build();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!holderLives()) rmSync(file, { force: true });
    return false;
  }
}

// A killed build leaves its lock behind.
function holderLives(): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Between its creation and the write of the pid the file is empty: somebody lives.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}
