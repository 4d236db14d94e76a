import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

const SHARED_MEMORY = '/dev/shm';
/** All that the tests write at a time, and as much again. */
const NEEDED = 4_000_000_000;

/**
 * Where tests keep their databases: in memory where there is plenty of it. No test can tell, for a process that is killed
 * loses nothing it has written, and waiting for the disk at each commit was half of what the contract of SQLite took.
 */
export function memoryFolder(): string {
  return isRoomy() ? SHARED_MEMORY : tmpdir();
}

function isRoomy(): boolean {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return Math.min(bavail * bsize, freemem() / 2) > NEEDED;
  } catch {
    return false;
  }
}
