import { setTimeout as sleep } from 'node:timers/promises';
import { psql } from '../services/psql.ts';

const EVERY_MS = 250;
/** What works for clients of this database, but the one who asks. */
const BY_APPLICATION =
  "select coalesce(nullif(application_name, ''), 'unnamed'), count(*) from pg_stat_activity " +
  "where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() group by 1";

/** Open connections to a database. */
export interface Open {
  total: number;
  /** `belfry` is the store, `belfry-bus` the one that listens. */
  byApplication: ReadonlyMap<string, number>;
}

/** Asks Postgres itself who is connected. */
export async function openConnections(url: string): Promise<Open> {
  const rows = await psql(url, BY_APPLICATION);
  const byApplication = new Map(rows.map(([name = '', count]) => [name, Number(count)]));
  return { total: [...byApplication.values()].reduce((sum, count) => sum + count, 0), byApplication };
}

/** Asks again and again while the work lasts, and once more after it: the most there were at once. */
export async function mostDuring(url: string, work: Promise<unknown>): Promise<number> {
  let most = 0;
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  const watch = async () => {
    for (let last = false; !last; await sleep(last ? 0 : EVERY_MS)) {
      last = isDone;
      most = Math.max(most, (await openConnections(url)).total);
    }
  };
  await Promise.all([done, watch()]);
  return most;
}
