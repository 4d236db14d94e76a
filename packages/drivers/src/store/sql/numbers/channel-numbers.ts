import { type RawBuilder, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { BEFORE, type Known, merged, type Order, settled } from './settled.ts';

/** What one channel has in one index, between two numbers that are not part of it. */
export interface Span {
  readonly table: 'addressed' | 'event_channels';
  readonly channel: string;
  readonly above: number;
  readonly below: number;
}

/** Read of a span beyond its share, as channels are never quite alike. */
const SPARE = 4;
const MORE_THAN_ITS_SHARE = 1.5;

interface Part {
  readonly span: Span;
  numbers: number[];
  isAll: boolean;
}

/**
 * The first numbers of many channels together. Of each as many are read as fill the limit if all are equally busy, in
 * one statement that has the same text for any number of channels; and then more of those only that turn out to be
 * busier. A union of all ranges would read less, but an engine takes longer to plan fifty of them than to read them.
 */
export async function channelNumbers(
  context: ReadContext,
  log: number,
  spans: readonly Span[],
  order: Order,
  limit: number,
): Promise<Known> {
  const parts: Part[] = spans.map((span) => ({ span, numbers: [], isAll: false }));
  for (let wanting = parts, found: Known = NOTHING_YET; ; wanting = busiest(parts, order, limit)) {
    await readOn(context, log, wanting, order, shareOf(limit - found.numbers.length, wanting.length));
    found = settled(parts, order, limit);
    if (found.isAll || found.numbers.length >= limit) return found;
  }
}

/**
 * Some numbers of many channels, each once and in no order; all of them where they are fewer than the limit. Channel
 * after channel is read until it is reached: of who has much, that is a seek or two in place of one a channel.
 */
export async function someNumbers(
  { db, dialect }: ReadContext,
  log: number,
  spans: readonly Span[],
  limit: number,
): Promise<Known> {
  const on = sql`a.log = ${log} and a.channel = t.channel and a.n > t.above and a.n < t.below`;
  const some = sql`select a.n from ${dialect.ranges(spans)} ${dialect.lookUp('addressed', 'a', on)} limit ${limit}`;
  const { rows } = await sql<{ numbers: string | null }>`select ${dialect.listOf(some)} as numbers`.execute(db);
  const found = JSON.parse(rows[0]?.numbers ?? '[]') as number[];
  return { numbers: [...new Set(found)], isAll: found.length < limit };
}

const NOTHING_YET: Known = { numbers: [], isAll: false };

function shareOf(wanted: number, parts: number): number {
  return parts === 1 ? wanted : Math.ceil((wanted / parts) * MORE_THAN_ITS_SHARE) + SPARE;
}

/** Those that could still have one of the first: of which less is known than as far as the limit reaches. */
function busiest(parts: readonly Part[], order: Order, limit: number): Part[] {
  const known = merged(
    parts.map(({ numbers }) => numbers),
    order,
  );
  const reach = known[limit - 1];
  return parts.filter(({ numbers, isAll }) => !isAll && (reach === undefined || isShortOf(numbers, reach, order)));
}

function isShortOf(numbers: readonly number[], reach: number, order: Order): boolean {
  const last = numbers.at(-1);
  return last !== undefined && BEFORE[order](last, reach);
}

async function readOn(
  context: ReadContext,
  log: number,
  parts: readonly Part[],
  order: Order,
  most: number,
): Promise<void> {
  for (const [table, alike] of Map.groupBy(parts, ({ span }) => span.table)) {
    const ranges = alike.map(({ span, numbers }) => restOf(span, numbers.at(-1), order));
    const lists = await firstOfEach(context, log, table, ranges, order, most);
    for (const [index, part] of alike.entries()) {
      const list = lists[index] ?? [];
      part.numbers.push(...list);
      part.isAll = list.length < most;
    }
  }
}

function restOf({ channel, above, below }: Span, last: number | undefined, order: Order) {
  if (last === undefined) return { channel, above, below };
  return order === 'asc' ? { channel, above: last, below } : { channel, above, below: last };
}

/** In the order of the ranges. */
async function firstOfEach(
  { db, dialect }: ReadContext,
  log: number,
  table: Span['table'],
  ranges: readonly { channel: string; above: number; below: number }[],
  order: Order,
  most: number,
): Promise<number[][]> {
  const first: RawBuilder<unknown> = sql`select a.n from ${sql.table(table)} a
    where a.log = ${log} and a.channel = t.channel and a.n > t.above and a.n < t.below
    order by a.n ${sql.raw(order)} limit ${most}`;
  const { rows } = await sql<{ place: number; numbers: string | null }>`
    select t.place, ${dialect.listOf(first)} as numbers from ${dialect.ranges(ranges)}`.execute(db);
  const lists: number[][] = ranges.map(() => []);
  for (const { place, numbers } of rows) lists[place] = JSON.parse(numbers ?? '[]') as number[];
  return lists;
}
