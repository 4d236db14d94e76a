import type { Counts } from '@belfry/protocol';
import { sql } from 'kysely';
import { together } from '../all-over.ts';
import type { ReadContext } from '../context.ts';
import type { Source } from './candidates.ts';
import { unreadRows, unseenRows } from './item-filters.ts';
import type { Watermarks } from './watermarks.ts';

/** Items of all tenants that have expired and are not swept yet. There are more for a moment only. */
const FEW_EXPIRED = 100;
/** A person's rows between the first and the last number: more of other items than of these. */
const ROWS_A_NUMBER = 2;

/**
 * Of the items with these numbers, in any order, mostly without a look at any of them: what has expired and what has a row
 * is few, and of the others numbers say whether they are marked. Null: they don't say it, or not few have a row.
 */
export async function countByNumber(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  numbers: readonly number[],
): Promise<Counts | null> {
  const [read, seen] = [marks.reach(['read', 'archived']), marks.reach(['seen', 'archived'])];
  if (read === null || seen === null) return null;
  if (numbers.length === 0) return { unread: 0, unseen: 0 };
  const [expired, rows] = await together(expiredOf(context, source.log, numbers), rowsAmong(context, source, numbers));
  if (rows === null) return null;
  const counts = { unread: 0, unseen: 0 };
  for (const n of numbers) {
    if (expired.has(n)) continue;
    const { unread, unseen } = rows.get(n) ?? { unread: n > read, unseen: n > seen };
    if (unread) counts.unread += 1;
    if (unseen) counts.unseen += 1;
  }
  return counts;
}

async function expiredOf(context: ReadContext, log: number, numbers: readonly number[]): Promise<Set<number>> {
  const { db, now } = context;
  const { rows } = await sql<{ log: number; n: number }>`
    select i.log, i.n from notifications i where i.expires_at <= ${now}
    order by i.expires_at limit ${FEW_EXPIRED + 1}`.execute(db);
  if (rows.length > FEW_EXPIRED) return expiredAmong(context, log, numbers);
  return new Set(rows.filter((row) => row.log === log).map(({ n }) => n));
}

/** By a look at each, whatever has expired elsewhere: the look-up is by its key alone, or Postgres could go by all that has. */
async function expiredAmong({ db, dialect, now }: ReadContext, log: number, numbers: readonly number[]) {
  const on = sql`i.log = ${log} and i.n = t.value`;
  const { rows } = await sql<{ n: number }>`
    select i.n from ${dialect.numbers(numbers)} ${dialect.lookUp('notifications', 'i', on)}
    where i.expires_at <= ${now}`.execute(db);
  return new Set(rows.map(({ n }) => n));
}

interface Row {
  n: number;
  unread: unknown;
  unseen: unknown;
}

async function rowsAmong(
  { db }: ReadContext,
  { log, person }: Source,
  numbers: readonly number[],
): Promise<Map<number, Row> | null> {
  const most = ROWS_A_NUMBER * numbers.length;
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  const { rows } = await sql<Row>`
    select m.n, (${unreadRows}) as unread, (${unseenRows}) as unseen from marks m
    where m.log = ${log} and m.person = ${person} and m.n between ${first} and ${last}
    order by m.n limit ${most + 1}`.execute(db);
  return rows.length > most ? null : new Map(rows.map((row) => [row.n, row]));
}
