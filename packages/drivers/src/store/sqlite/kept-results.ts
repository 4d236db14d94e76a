import type { KeptResult, KeptResults } from '../sql/log/appender.ts';
import type { SqliteDatabase } from './database.ts';

/** What idempotency keys gave, by prepared statements: whatever the Node SDK publishes comes with a key. */
export function keptResults(database: SqliteDatabase): KeptResults {
  const find = database.statement('select fingerprint, result, created_at from idempotency where log = ? and key = ?');
  // One that is there is older than a day, or it would have been found.
  const keep = database.statement(
    'insert or replace into idempotency (log, key, fingerprint, result, created_at) values (?, ?, ?, ?, ?)',
  );
  return {
    find: (log, key) => find.get(log, key) as KeptResult | undefined,
    keep(log, key, { fingerprint, result, created_at }) {
      keep.run(log, key, fingerprint, result, created_at);
    },
  };
}
