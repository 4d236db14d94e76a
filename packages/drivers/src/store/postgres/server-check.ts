import { BelfryError } from '@belfry/protocol';
import type { Connection } from './connection.ts';
import { grantsFor, quoted } from './grants.ts';

const OLDEST = 140_000;

interface Facts {
  version: number;
  encoding: string;
  read_only: boolean;
  standby: boolean;
  database: string;
  account: string;
  /** Whether there is a schema of ours, and what may be done. */
  exists: boolean;
  may_create_schema: boolean;
  may_use: boolean;
}

/**
 * Asks the server whether this can be our database, before anything is made in it.
 *
 * @throws BelfryError `unavailable` with what to do about it.
 */
export async function checkServer(connection: Connection): Promise<{ hasSchema: boolean }> {
  const { rows } = await connection.query(`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      current_setting('transaction_read_only')::bool as read_only, pg_is_in_recovery() as standby, current_database() as database,
      current_user as account, s.exists,
      has_database_privilege(current_database(), 'create') as may_create_schema,
      case when s.exists then has_schema_privilege('belfry', 'usage') else true end as may_use
    from (select exists (select from pg_namespace where nspname = 'belfry') as exists) s`);
  const facts = rows[0] as unknown as Facts;
  const trouble = troubleWith(facts);
  if (trouble !== null) throw new BelfryError('unavailable', trouble);
  return { hasSchema: facts.exists };
}

function troubleWith(facts: Facts): string | null {
  const { version, encoding, database, account } = facts;
  if (version < OLDEST) {
    return `Belfry needs Postgres 14 or newer; this is ${Math.floor(version / 10_000)}. Use a newer server.`;
  }
  if (encoding !== 'UTF8') {
    return (
      `The database ${database} stores text as ${encoding}, which can't hold every message. ` +
      'Make one that holds UTF-8: createdb --encoding=UTF8 --template=template0 <name>'
    );
  }
  if (facts.read_only) {
    return facts.standby
      ? `The database ${database} takes no writes: its server is a standby. Give DATABASE_URL the address of the primary.`
      : `The account ${account} may write nothing in the database ${database} by default. As a superuser, run: ` +
          `alter role ${quoted(account)} in database ${quoted(database)} set default_transaction_read_only = off;`;
  }
  if (!facts.exists && !facts.may_create_schema) {
    return (
      `The account ${account} may not make the schema belfry in the database ${database}. As its owner, run: ` +
      `create schema belfry authorization ${quoted(account)};`
    );
  }
  if (!facts.may_use) {
    return (
      `The account ${account} may not use the schema belfry in the database ${database}. As its owner, run: ` +
      grantsFor(account)
    );
  }
  return null;
}
