import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Tables } from '../sql/schema.ts';
import type { Connection } from './connection.ts';

const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE']);

const made = new WeakMap<Connection, Kysely<Tables>>();

/** Kysely over a session that is already open. Whoever opened it begins, commits and closes. */
export function kyselyOf(connection: Connection): Kysely<Tables> {
  const known = made.get(connection);
  if (known) return known;
  const db = kyselyOver(connection);
  made.set(connection, db);
  return db;
}

function kyselyOver(connection: Connection): Kysely<Tables> {
  const driver = driverOver(connection);
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

function driverOver(connection: Connection) {
  const nothing = async () => {};
  const session = sessionOf(connection);
  return {
    init: nothing,
    acquireConnection: async () => session,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  };
}

function sessionOf(connection: Connection): DatabaseConnection {
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, command, rowCount } = await connection.query(sql, parameters);
      const result = { rows: rows as Row[] };
      return WRITES.has(command) ? { ...result, numAffectedRows: BigInt(rowCount ?? 0) } : result;
    },
    // biome-ignore lint/correctness/useYield: part of the interface, and never asked for.
    async *streamQuery() {
      throw new Error('Rows are not streamed here.');
    },
  };
}
