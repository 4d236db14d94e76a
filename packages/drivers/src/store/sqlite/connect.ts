import { SqliteDatabase } from './database.ts';

/**
 * Of a database that is new; one that is there keeps its own. A notification takes half a kilobyte, of which 4 kB hold
 * seven: with twice as many to a page the trees are lower, and a batch writes half as many pages.
 */
const PAGE_BYTES = 8_192;
/** The log of pages is emptied into the file when it has come to so many bytes. */
const LOG_BYTES = 8_388_608;

/** `synchronous=FULL`: a commit that was answered is on disk, not only in the page cache. After a burst the log is cut to 64 MB. */
export function connectWriter(file: string): SqliteDatabase {
  const database = new SqliteDatabase(file);
  database.exec(`
    pragma page_size = ${PAGE_BYTES};
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma journal_size_limit = 67108864;
    pragma cache_size = -65536;
    pragma temp_store = memory;`);
  database.exec(`pragma wal_autocheckpoint = ${LOG_BYTES / pageBytes(database)}`);
  return database;
}

export function connectReader(file: string): SqliteDatabase {
  const database = new SqliteDatabase(file, { readOnly: true });
  database.exec('pragma cache_size = -65536; pragma temp_store = memory;');
  return database;
}

function pageBytes(database: SqliteDatabase): number {
  return (database.statement('pragma page_size').get() as { page_size: number }).page_size;
}
