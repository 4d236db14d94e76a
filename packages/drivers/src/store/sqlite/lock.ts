import { BelfryError } from '@belfry/protocol';
import { SqliteDatabase } from './database.ts';

/** A process that is just dying lets go within this time. */
const WAIT_MS = 250;

/**
 * Holds a file of its own exclusively, so that a second process is told at once. (Locking the database itself would
 * shut out our own reader too.) The system lets go of it when the process dies, however it dies.
 *
 * @throws BelfryError `unavailable` where another holds it.
 */
export function takeLock(lockFile: string, folder: string): SqliteDatabase {
  const lock = new SqliteDatabase(lockFile, { busyTimeoutMs: WAIT_MS });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw inUse(folder, error);
  }
}

function inUse(folder: string, cause: unknown): BelfryError {
  return new BelfryError(
    'unavailable',
    `The data folder ${folder} is in use by another Belfry process. Stop that one, or give this one its own folder ` +
      'with BELFRY_DATA_DIR.',
    { cause },
  );
}
