import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { LogNumber } from './position.ts';

/**
 * The number of the first item of a log created at or after `since`; null where there is none. Times never fall as
 * numbers rise, so it is found by halving what lies between: an index by time would cost every publish. Where all of a log
 * is younger, as most are, there is nothing to halve.
 */
export async function firstSince(context: ReadContext, log: LogNumber, since: number): Promise<number | null> {
  const [first = null] = await firstOfEach(context, log, [since]);
  return first;
}

/** The same of many, in their order. Most are some milliseconds apart, as those of people who came together. */
export async function firstOfEach(
  context: ReadContext,
  log: LogNumber,
  sinces: readonly number[],
): Promise<(number | null)[]> {
  if (sinces.length === 0) return [];
  const [least, most] = [Math.min(...sinces), Math.max(...sinces)];
  const ends = await halved(context, log, [least, most]);
  const isOne = ends.get(least) === ends.get(most);
  const found = isOne ? ends : await halved(context, log, sinces);
  return sinces.map((since) => found.get(isOne ? least : since) ?? null);
}

async function halved(
  { db, dialect }: ReadContext,
  log: LogNumber,
  sinces: readonly number[],
): Promise<Map<number, number | null>> {
  // Times are whole: what is at or after a part of a millisecond is at or after the next.
  const list = dialect.numbers([...new Set(sinces.map(Math.ceil))]);
  const { rows } = await sql<{ since: number; n: number | null }>`
    with recursive part(since, low, high) as (
      select t.value, (select min(n) from notifications where log = ${log}),
        case when (select o.created_at from notifications o where o.log = ${log} order by o.n limit 1) >= t.value
          then (select min(n) from notifications where log = ${log})
          else (select max(n) from notifications where log = ${log}) + 1 end
      from ${list}
      union all
      select p.since, case when i.created_at < p.since then i.n + 1 else p.low end,
        case when i.created_at < p.since then p.high else (p.low + p.high) / 2 end
      from part p ${dialect.lookUp(
        'notifications',
        'i',
        sql`i.log = ${log} and i.n = (
        select min(h.n) from notifications h where h.log = ${log} and h.n >= (p.low + p.high) / 2)`,
      )}
      where p.low < p.high
    )
    select e.since, (select n from notifications where log = ${log} and n >= e.low order by n limit 1) as n
    from (select since, max(low) as low from part group by since) as e`.execute(db);
  const found = new Map(rows.map(({ since, n }) => [since, n]));
  return new Map(sinces.map((since) => [since, found.get(Math.ceil(since)) ?? null]));
}
