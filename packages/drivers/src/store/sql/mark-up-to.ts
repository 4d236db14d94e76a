import type { Reader } from '@belfry/core';
import { type BelfryError, formatCursor, invalid, type MarkChange, type TypeFilter } from '@belfry/protocol';
import { sql } from 'kysely';
import { personSource } from './candidates.ts';
import type { WriteContext, WriteOp } from './context.ts';
import { typesOf } from './counts.ts';
import { all, filtersSql, markedSql } from './item-filters.ts';
import { listItems } from './item-list.ts';
import { LogWriter } from './log-writer.ts';
import { tellDevices } from './mark.ts';
import { checkAt } from './position.ts';
import { ALL_TYPES, typeMatchesSql, type WatermarkKind, Watermarks } from './watermarks.ts';

/** Type patterns a person's watermarks may have. Each costs a comparison an item. */
const MAX_PATTERNS = 100;
/** Older watermarks of one pattern that are kept, so that what they marked keeps its time. */
const HISTORY = 10;

export const markUpTo: WriteOp<'markUpTo'> = async (context, { reader, mark, upTo, types }) => {
  const log = await LogWriter.open(context, reader.tenant);
  const n = Math.min(upTo ?? log.head, log.head);
  const marks = await Watermarks.load(context, log.log, reader.user);
  if (!(await changesAny(context, log, reader, marks, mark, n, types))) return null;
  const patterns = types === null || types.includes(ALL_TYPES) ? [ALL_TYPES] : [...new Set(types)];
  for (const pattern of patterns) await raise(context, log, reader.user, marks, mark, pattern, n);
  await markRows(context, log, reader.user, mark, n, types);
  await tellDevices(context, log, reader, await changeOf(context, log, mark, n, types));
  return null;
};

/** Nothing of theirs left to mark: then nothing is written and nobody told. */
async function changesAny(
  context: WriteContext,
  log: LogWriter,
  reader: Reader,
  marks: Watermarks,
  mark: WatermarkKind,
  upTo: number,
  types: TypeFilter | null,
): Promise<boolean> {
  const source = await personSource(context, log.log, reader);
  const floor = marks.floor([mark]);
  const range = {
    above: floor,
    before: upTo + 1,
    rows: sql<boolean>`${sql.ref(`m.${mark}_at`)} is null`,
    rowsUpTo: floor,
  };
  const condition = all(filtersSql(context, typesOf(reader)), typeMatchesSql(types), markedSql.lacks(marks, mark));
  const page = await listItems(context, source, range, condition, marks, 1);
  return page.items.length > 0;
}

async function raise(
  context: WriteContext,
  log: LogWriter,
  person: string,
  marks: Watermarks,
  mark: WatermarkKind,
  pattern: string,
  n: number,
): Promise<void> {
  if (marks.reached(mark, pattern) >= n) return;
  await boundPatterns(context, log, person, marks, pattern);
  await context.db.insertInto('watermarks').values({ log: log.log, person, mark, pattern, n, at: log.at }).execute();
  const same = marks.rows.filter((row) => row.mark === mark && row.pattern === pattern);
  const spare = same.slice(0, Math.max(0, same.length + 1 - HISTORY)).map((row) => row.n);
  if (spare.length === 0) return;
  await context.db
    .deleteFrom('watermarks')
    .where('log', '=', log.log)
    .where('person', '=', person)
    .where('mark', '=', mark)
    .where('pattern', '=', pattern)
    .where('n', 'in', spare)
    .execute();
}

/** At the bound, what a later mark of everything has passed is forgotten; what still tells something is not. */
async function boundPatterns(
  { db }: WriteContext,
  log: LogWriter,
  person: string,
  marks: Watermarks,
  pattern: string,
): Promise<void> {
  if (patternsOf(marks.rows, pattern) <= MAX_PATTERNS) return;
  const telling = marks.rows.filter((row) => row.n > marks.reached(row.mark, ALL_TYPES));
  if (patternsOf(telling, pattern) > MAX_PATTERNS) throw tooManyPatterns();
  for (const mark of new Set(marks.rows.map((row) => row.mark))) {
    await db
      .deleteFrom('watermarks')
      .where('log', '=', log.log)
      .where('person', '=', person)
      .where('mark', '=', mark)
      .where('pattern', '!=', ALL_TYPES)
      .where('n', '<=', marks.reached(mark, ALL_TYPES))
      .execute();
  }
}

function patternsOf(rows: readonly { pattern: string }[], another: string): number {
  const patterns = new Set(rows.map((row) => row.pattern)).add(another);
  patterns.delete(ALL_TYPES);
  return patterns.size;
}

function tooManyPatterns(): BelfryError {
  return invalid(
    'types',
    `This person has marked all of ${MAX_PATTERNS} different types already. Leave types out, or use patterns that end in *.`,
  );
}

/** Rows are the whole truth, so a rising watermark is written into those it passes. */
async function markRows(
  context: WriteContext,
  log: LogWriter,
  person: string,
  mark: WatermarkKind,
  n: number,
  types: TypeFilter | null,
): Promise<void> {
  const column = sql.ref(`${mark}_at`);
  await sql`
    update marks set ${column} = ${log.at}, seen_at = coalesce(seen_at, ${log.at})
    where log = ${log.log} and person = ${person} and n <= ${n} and ${column} is null
      and exists (select 1 from notifications i
        where i.log = marks.log and i.n = marks.n and ${typeMatchesSql(types)})`.execute(context.db);
}

async function changeOf(
  context: WriteContext,
  log: LogWriter,
  mark: WatermarkKind,
  n: number,
  types: TypeFilter | null,
): Promise<Omit<MarkChange, 'unread' | 'unseen'>> {
  const check = (await checkAt(context, log.log, n)) ?? GONE;
  const change = { ids: [], upTo: formatCursor(context.epoch, { n, check }), mark, at: log.time };
  return types === null ? change : { ...change, types: [...types] };
}

/** For a cursor to an event that retention has deleted. Clients compare its number only. */
const GONE = '0';
