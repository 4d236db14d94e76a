import type { Reader } from '@belfry/core';
import { formatCursor, type MarkChange, type TypeFilter } from '@belfry/protocol';
import { sql } from 'kysely';
import { heldIn } from '../access/access-rows.ts';
import type { WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { checkAt } from '../log/position.ts';
import { ALL_TYPES, typeMatchesSql } from '../type-match.ts';
import { personSource, type Source } from './candidates.ts';
import { topOf } from './floor.ts';
import { all, markedSql, wantedSql } from './item-filters.ts';
import { listItems } from './item-list.ts';
import { tellDevices } from './mark.ts';
import { raise } from './raise.ts';
import { viewerOf } from './viewer.ts';
import { type WatermarkKind, Watermarks } from './watermarks.ts';

export const markUpTo: WriteOp<'markUpTo'> = async (context, { reader: asked, mark, upTo, types }) => {
  const log = await LogWriter.open(context, asked.tenant);
  const reader = await heldIn(context, log.log, asked);
  const n = Math.min(upTo ?? log.head, log.head);
  const viewer = await viewerOf(context, log.log, reader);
  const source = await personSource(context, viewer);
  const marks = await Watermarks.load(context, viewer);
  if (!(await changesAny(context, source, reader, marks, mark, n, types))) return null;
  const patterns = types === null || types.includes(ALL_TYPES) ? [ALL_TYPES] : [...new Set(types)];
  await raise(context, viewer, marks, mark, patterns, n, log.at);
  await markRows(context, source, mark, n, types, log.at);
  await tellDevices(context, log, reader, viewer, await changeOf(context, log, mark, n, types));
  return null;
};

/** Nothing of theirs left to mark: then nothing is written and nobody told. */
async function changesAny(
  context: WriteContext,
  source: Source,
  reader: Reader,
  marks: Watermarks,
  mark: WatermarkKind,
  upTo: number,
  types: TypeFilter | null,
): Promise<boolean> {
  const floor = marks.floor([mark], source.channels);
  const range = {
    above: floor,
    before: upTo + 1,
    rows: sql<boolean>`${sql.ref(`m.${mark}_at`)} is null`,
    rowsUpTo: topOf(floor),
  };
  const condition = all(wantedSql(context, reader), typeMatchesSql(types), markedSql.lacks(marks, mark));
  const page = await listItems(context, source, range, condition, marks, 1);
  return page.items.length > 0;
}

/** Rows are the whole truth, so a rising watermark is written into those it passes, as far as they can be seen. */
async function markRows(
  { db }: WriteContext,
  { log, person, held }: Source,
  mark: WatermarkKind,
  n: number,
  types: TypeFilter | null,
  at: number,
): Promise<void> {
  const column = sql.ref(`${mark}_at`);
  // Postgres sets no column twice, and a column that is seen_at itself is null here.
  const seen = mark === 'seen' ? sql`` : sql`, seen_at = coalesce(seen_at, ${at})`;
  await sql`
    update marks set ${column} = ${at}${seen}
    where log = ${log} and person = ${person} and n <= ${n} and ${column} is null
      and exists (select 1 from notifications i
        where i.log = marks.log and i.n = marks.n and ${typeMatchesSql(types)} and ${held})`.execute(db);
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
