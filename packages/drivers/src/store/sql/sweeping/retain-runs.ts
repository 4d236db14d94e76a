import { sql } from 'kysely';
import type { ReadContext, WriteContext, WriteOp } from '../context.ts';
import { endsOfLog } from '../log/ends-of-log.ts';
import { countRuns } from './run-sizes.ts';
import { type Trimmable, trim } from './trim.ts';

/** Of a tenant, in one step: each takes a few statements. */
const RUNS = 100;
/** No event is older. */
const ANY_AGE = 0;

/** What it goes by was counted by `retain`. In steps that each leave all whole: what a crash leaves over is the next one's. */
export const retainRuns: WriteOp<'retainRuns'> = async (context, { maxBytes, limit }) => {
  let deleted = 0;
  for (const { tenant, bytes } of await tenantsOver(context, maxBytes)) {
    if (deleted >= limit) break;
    deleted += await trimOldest(context, tenant, bytes - maxBytes, limit - deleted);
  }
  return { deleted };
};

interface RunTotal {
  tenant: number;
  bytes: number;
}

async function tenantsOver({ db }: ReadContext, maxBytes: number): Promise<RunTotal[]> {
  return db.selectFrom('run_totals').selectAll().where('bytes', '>', maxBytes).execute();
}

/** Deletes no more than makes this many bytes. */
async function trimOldest(context: WriteContext, tenant: number, excess: number, limit: number): Promise<number> {
  const trimmed: Oldest[] = [];
  let [deleted, freed] = [0, 0];
  for (const log of await oldestOf(context, tenant)) {
    if (deleted >= limit || freed >= excess) break;
    const due = { oldestTime: ANY_AGE, maxBytes: log.total - log.gone - (excess - freed) };
    const done = await trim(context, log, due, limit - deleted);
    deleted += done.deleted;
    freed += done.freed;
    trimmed.push(log);
  }
  await countRuns(context, trimmed);
  return deleted;
}

interface Oldest extends Trimmable {
  name: string;
}

/** Logs of finished runs by when they finished, then those of unfinished ones by their oldest line, as the index has them. */
async function oldestOf({ db, dialect }: ReadContext, tenant: number): Promise<Oldest[]> {
  const { rows } = await sql<Oldest>`
    select l.id as log, l.tenant as name, o.n as oldest, h.n as head, h.total_bytes as total,
      o.total_bytes - o.bytes as gone
    from (select log, is_open, at from run_sizes where tenant = ${tenant} and bytes > 0
        order by is_open, at, log limit ${RUNS}) s
      ${dialect.lookUp('logs', 'l', sql`l.id = s.log`)} ${endsOfLog(dialect)}
    order by s.is_open, s.at, s.log`.execute(db);
  return rows;
}
