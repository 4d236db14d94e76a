import type { Committed, WriteName } from '@belfry/core';
import type { WriteContext } from '../sql/context.ts';
import type { Appender, NewEvent, Tail } from '../sql/log/appender.ts';
import { runWrite, type WriteCall } from '../sql/write-ops.ts';
import { appendChanges } from './append-sql.ts';
import { CLOCK_SQL, timeIn } from './clock.ts';
import type { Answer, Connection } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { endDeadHolds, lives } from './holders.ts';
import { joined } from './joined.ts';
import { kyselyOf } from './kysely.ts';
import { LOCKS } from './locks.ts';
import { findOrMakeLog } from './log-ids.ts';
import { openLog, tailIn } from './tail.ts';
import { inTransaction, type Opening } from './transaction.ts';
import type { Writer } from './writer.ts';

/** The sizes of runs are counted in each of these. */
const RETAINING = 2;

/**
 * Work that any process may do, and one at a time does; to the others there was nothing to do, and they look again when it
 * is next due: what expires within a second, what is deleted a minute later. Nothing has to be taken over from who dies in
 * the middle: the lock is that of a step, and is let go with its transaction, at once where a process dies, and within some
 * 11 s where its machine has (`session.ts`).
 */
const SHARED_WORK: Partial<Record<WriteName, { kind: number; nothing: object }>> = {
  expire: { kind: 1, nothing: { expired: 0, nextInMs: 0 } },
  retain: { kind: RETAINING, nothing: { deleted: 0, missed: 0, next: null } },
  retainRuns: { kind: RETAINING, nothing: { deleted: 0 } },
  fallBack: { kind: 3, nothing: { done: 0, nextInMs: 0 } },
  forget: { kind: RETAINING, nothing: { forgotten: 0 } },
  enlistDeliveries: { kind: 10, nothing: { moved: 0, busy: true } },
};

const TIME = `select ${CLOCK_SQL} as now`;
/** With the lock of that kind of work, where nobody has it. It is asked for twice a second, and mostly there is nothing to do. */
const takeSql = (kind: number) => `${TIME}, pg_try_advisory_xact_lock(${LOCKS.work}, ${kind}) as taken`;

/** Commits a write that belongs to no tenant, or to several. */
export async function runAlone(writer: Writer, call: WriteCall): Promise<Committed<unknown>> {
  const work = SHARED_WORK[call.name];
  const opening: Opening = [work ? takeSql(work.kind) : TIME];
  return inTransaction(
    writer.pool,
    async () => opening,
    async (connection, [time]) => {
      if (work && time?.rows[0]?.taken !== true) return { result: committed(work.nothing), last: [] };
      const context = contextOf(writer, connection, timeIn(time as Answer, writer.skew));
      if (call.name === 'retain') await tidy(connection, context.now);
      const { out, replayed } = await runWrite(context, call);
      return { result: { out, replayed, events: context.events }, last: [] };
    },
  );
}

/** What only several processes, and SQL, leave behind. */
async function tidy(connection: Connection, now: number): Promise<void> {
  await endDeadHolds(connection, now);
  await connection.query(`delete from dead_letters where at < clock_timestamp() - interval '30 days'`);
}

function committed(out: unknown): Committed<unknown> {
  return { out, replayed: false, events: [] };
}

function contextOf(writer: Writer, connection: Connection, now: number): WriteContext {
  const { epoch, process: id } = writer;
  // On the same connection: to wait for another while holding one could wait for ever.
  const holder = { id, lives: async (other: number) => other === id || lives(connection, other) };
  const appender = appenderOver(connection);
  return { db: kyselyOf(connection), dialect: postgresDialect, appender, epoch, now, events: [], holder };
}

/** Each log's end as the database has it, under that log's lock. */
export function appenderOver(connection: Connection): Appender {
  return {
    async tail(name): Promise<Tail> {
      const log = await findOrMakeLog(connection, name);
      return tailIn(log, await connection.query(...openLog(log)));
    },
    async write(events: readonly NewEvent[]) {
      await connection.batch(joined(appendChanges(events)));
    },
  };
}
