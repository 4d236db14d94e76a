import { sql } from 'kysely';
import type { ReadContext } from './context.ts';

/**
 * The number of the first item of a log created at or after `since`; null where there is none. Times never fall as
 * numbers rise, so it is found by halving what lies between: an index by time would cost every publish.
 */
export async function firstSince({ db }: ReadContext, log: number, since: number): Promise<number | null> {
  const { rows } = await sql<{ n: number }>`
    with recursive part(low, high) as (
      select (select min(n) from notifications where log = ${log}),
        (select max(n) from notifications where log = ${log}) + 1
      union all
      select case when i.created_at < ${since} then i.n + 1 else p.low end,
        case when i.created_at < ${since} then p.high else (p.low + p.high) / 2 end
      from part p cross join notifications i
      where p.low < p.high and i.log = ${log}
        and i.n = (select min(h.n) from notifications h where h.log = ${log} and h.n >= (p.low + p.high) / 2)
    )
    select n from notifications where log = ${log} and n >= (select max(low) from part) order by n limit 1`.execute(db);
  return rows[0]?.n ?? null;
}
