import { SqliteDatabase } from './database.ts';

/**
 * `synchronous=FULL`: a commit that was answered is on disk, not only in the page cache. The log of pages is
 * emptied into the file every 2,000 pages (8 MB), and cut to 64 MB after a burst.
 */
export function connectWriter(file: string): SqliteDatabase {
  const database = new SqliteDatabase(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 2000;
    pragma journal_size_limit = 67108864;
    pragma cache_size = -65536;
    pragma temp_store = memory;`);
  return database;
}

export function connectReader(file: string): SqliteDatabase {
  const database = new SqliteDatabase(file, { readOnly: true });
  database.exec('pragma cache_size = -65536; pragma temp_store = memory;');
  return database;
}
