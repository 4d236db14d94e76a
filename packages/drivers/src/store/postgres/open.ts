import type { Store } from '@belfry/core';
import type { Company } from './company.ts';
import { Connection, type Shared } from './connection.ts';
import { GroupsUnderWay } from './groups-under-way.ts';
import { KnownEnds } from './known-ends.ts';
import { loadPg } from './load-pg.ts';
import { LogIds } from './log-ids.ts';
import { epochOf, migrate } from './migrate.ts';
import { notOpened } from './not-opened.ts';
import { placeOf } from './place.ts';
import { Pool } from './pool.ts';
import { ProcessLease } from './process-lease.ts';
import { Readers } from './readers.ts';
import { checkServer } from './server-check.ts';
import { StatementNames } from './statement-names.ts';
import { PostgresStore } from './store.ts';
import { WRITERS } from './write-turns.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. What it leaves out comes from the usual PG… variables. */
  url: string;
  /**
   * Whether this process follows the logs as the only one, or as one of many that hear of each other. Left out for one
   * that follows nothing, such as a command.
   */
  company?: Company;
  /** Milliseconds to add to the database's clock. For tests that turn time. */
  skew?: () => number;
}

/**
 * Opens a Postgres database and brings the tables of its schema `belfry` up to date. Any number of processes may have it
 * open.
 *
 * @throws BelfryError `unavailable`, saying what to do, where it can't be reached or can't be used.
 */
export async function openPostgresStore({ url, company, skew = () => 0 }: PostgresOptions): Promise<Store> {
  const pg = await loadPg();
  const logs = new LogIds();
  const ends = new KnownEnds();
  let answers = 0;
  const shared: Shared = { names: new StatementNames(), onAnswer: () => (answers += 1) };
  const connect = async (signal?: AbortSignal) => {
    const connection = await Connection.open(pg, url, shared, signal);
    connection.onEnd(() => {
      logs.forget();
      ends.forgetAll();
    });
    return connection;
  };
  try {
    const { epoch, place } = await prepare(connect);
    const lease = await ProcessLease.take(connect, company);
    // With the five of the readers and the one of the process lease: 10 a process.
    const writers = new Pool(connect, WRITERS);
    const writer = { pool: writers, logs, ends, groups: new GroupsUnderWay(), epoch, skew, process: lease.id };
    const readers = new Readers(connect);
    return new PostgresStore({ epoch, place, skew, readers, writers, lease, writer, answers: () => answers });
  } catch (error) {
    throw notOpened(url, error);
  }
}

/** Looks at the server and makes the tables. */
async function prepare(connect: () => Promise<Connection>): Promise<{ epoch: string; place: string }> {
  const connection = await connect();
  try {
    const { hasSchema } = await checkServer(connection);
    await migrate(connection, hasSchema);
    const epoch = await epochOf(connection);
    return { epoch, place: await placeOf(connection, epoch) };
  } finally {
    await connection.close();
  }
}
