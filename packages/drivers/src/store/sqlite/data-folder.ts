import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unavailable } from './failures.ts';

/** Inboxes are private: only the account that runs Belfry may look in. */
const MODE = 0o700;

/**
 * Makes the folder and those above it that are missing.
 *
 * @throws BelfryError `unavailable` where it can't be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(folder);
  } catch (error) {
    throw unavailable(`The data folder ${folder} can't be made. Check BELFRY_DATA_DIR and its rights.`, error);
  }
}

/** One at a time: Node's own `recursive` never returns under /proc, where a folder that exists says it doesn't. */
async function make(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await make(parent);
  await mkdir(folder, { mode: MODE }).catch(async (error: unknown) => {
    // Another process may just have made it.
    if (!(await isFolder(folder))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
