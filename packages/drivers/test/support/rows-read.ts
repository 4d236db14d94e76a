import type { ReadName, Reads, WriteName, Writes } from '@belfry/core';
import { Connection } from '../../src/store/postgres/connection.ts';
import { postgresDialect } from '../../src/store/postgres/dialect.ts';
import { kyselyOf } from '../../src/store/postgres/kysely.ts';
import { loadPg } from '../../src/store/postgres/load-pg.ts';
import { StatementNames } from '../../src/store/postgres/statement-names.ts';
import { appenderOver } from '../../src/store/postgres/write-alone.ts';
import type { ReadOp, WriteContext } from '../../src/store/sql/context.ts';
import { READ_OPS } from '../../src/store/sql/read-ops.ts';
import { runWrite } from '../../src/store/sql/write-ops.ts';

export type Work = (context: WriteContext) => Promise<unknown>;

export function read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Work {
  return (context) => (READ_OPS[name] as ReadOp<Name>)(context, input);
}

export function write<Name extends WriteName>(name: Name, input: Writes[Name]['in']): Work {
  return (context) => runWrite(context, { name, input });
}

/** Rows of every table that this session has read, those included that it then left out. */
const READ = `
  select relname as name, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as rows
  from pg_stat_xact_user_tables where schemaname = 'belfry'`;

/** A session of the store, which plans every statement once and for all, as the server may where it comes again. */
export class PlannedSession {
  readonly #connection: Connection;

  static async open(url: string): Promise<PlannedSession> {
    const connection = await Connection.open(await loadPg(), url, { names: new StatementNames(), onAnswer() {} });
    await connection.query('set plan_cache_mode = force_generic_plan');
    return new PlannedSession(connection);
  }

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Does it, takes it back, and says how many rows of each table that took. `renewal` as of a connection. */
  async rowsReadBy(work: Work, renewal = ''): Promise<Map<string, number>> {
    const connection = this.#connection;
    await connection.query(`begin${renewal}`);
    try {
      const before = await this.#read();
      await work(this.#context());
      const after = await this.#read();
      return new Map([...after].map(([name, rows]) => [name, rows - (before.get(name) ?? 0)]));
    } finally {
      await connection.query('rollback');
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #read(): Promise<Map<string, number>> {
    const { rows } = await this.#connection.query(READ);
    return new Map(rows.map(({ name, rows }) => [String(name), Number(rows)]));
  }

  #context(): WriteContext {
    const connection = this.#connection;
    const appender = appenderOver(connection);
    return { db: kyselyOf(connection), dialect: postgresDialect, appender, epoch: 'e', now: Date.now(), events: [] };
  }
}
