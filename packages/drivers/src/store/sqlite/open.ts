import { basename, dirname, join, resolve } from 'node:path';
import type { Store } from '@belfry/core';
import { makeFolder } from './data-folder.ts';
import { LateReader } from './late-reader.ts';
import { requireNode } from './node-version.ts';
import type { ThreadData } from './serve-thread.ts';
import { SqliteStore } from './store.ts';
import { Thread } from './thread.ts';

export interface SqliteOptions {
  /** A folder, made if there is none; the database is `belfry.db` in it. */
  dir?: string;
  /** Or the database file itself. */
  file?: string;
  /** One number of milliseconds in shared memory, added to the machine's clock. For tests that turn time. */
  skew?: Float64Array<SharedArrayBuffer>;
  /** Opens with one thread in place of two, which is sooner; the other follows a moment later. Default false. */
  readerLater?: boolean;
  /** Told, once, where that other thread can't open: reads then wait for commits, as the same thread does both. */
  onReaderMissing?: (reason: Error) => void;
}

/**
 * Opens the embedded database and brings its tables up to date. One process at a time holds it.
 *
 * @throws BelfryError `unavailable` where another process has it, it belongs to a newer Belfry, the folder can't be
 * used, or this Node is too old.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  requireNode(process.versions.node);
  const file = resolve(options.file ?? join(options.dir ?? '.belfry', 'belfry.db'));
  const folder = dirname(file);
  await makeFolder(folder);
  const skew = options.skew ?? new Float64Array(new SharedArrayBuffer(8));
  const data: ThreadData = { file, lockFile: join(folder, `${basename(file)}.lock`), folder, skew };
  return options.readerLater ? startWriter(data, options.onReaderMissing) : startBoth(data);
}

async function startWriter(data: ThreadData, onReaderMissing: SqliteOptions['onReaderMissing']): Promise<Store> {
  const writer = new Thread('writer');
  try {
    const epoch = await writer.open(data);
    const reader = new LateReader(writer, data, () => new Thread('reader'), onReaderMissing);
    return new SqliteStore(epoch as string, writer, reader);
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Both load their code side by side; the writer opens first, as it holds the lock and makes the tables. */
async function startBoth(data: ThreadData): Promise<Store> {
  const writer = new Thread('writer');
  const reader = new Thread('reader');
  try {
    const epoch = await writer.open(data);
    await reader.open(data);
    return new SqliteStore(epoch as string, writer, reader);
  } catch (error) {
    await reader.close();
    await writer.close();
    throw error;
  }
}
