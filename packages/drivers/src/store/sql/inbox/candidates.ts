import type { Channel, Grants } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { channelsOf, holdsSql } from '../access/channels.ts';
import type { ReadContext } from '../context.ts';
import { type Floor, floorOn, GROUND } from './floor.ts';
import { PAST_ALL, seesSql, type Viewer } from './viewer.ts';

/** Where a list finds its items: index ranges to be merged newest first, never the whole. */
export interface Source {
  log: number;
  /** Whose mark rows count; null for services. */
  person: string | null;
  /** Null: a walk over all notifications, each tested by `held`. */
  channels: Channel[] | null;
  /** Items on channels other than `own` count only from this number on. */
  sharedFrom: number;
  own: Channel | null;
  /** Whether notification `i` is theirs. */
  held: RawBuilder<SqlBool>;
}

/** The part of a source to look at. Both ends are exclusive. */
export interface Range {
  above: Floor;
  before: number | null;
  /**
   * Items whose mark row meets this condition, though they are not above `above`: what was marked back one by one
   * below a watermark.
   */
  rows: RawBuilder<SqlBool> | null;
  /** Of those, only up to here. Null: all. */
  rowsUpTo: number | null;
}

export const WHOLE: Range = { above: GROUND, before: null, rows: null, rowsUpTo: null };

/** What a person has; also what they would have with other grants than their device's. */
export async function personSource(
  context: ReadContext,
  viewer: Pick<Viewer, 'log' | 'person' | 'own' | 'grants' | 'sharedFrom'>,
): Promise<Source> {
  const { log, person, own, grants, sharedFrom } = viewer;
  const channels = await channelsOf(context, ['addressed'], log, grants);
  return { log, person, channels, sharedFrom, own, held: seesSql(context, viewer) };
}

export async function serviceSource(context: ReadContext, log: number, grants: Grants): Promise<Source> {
  const channels = await channelsOf(context, ['addressed'], log, grants);
  const held = grants.everything
    ? sql<SqlBool>`1 = 1`
    : sql<SqlBool>`exists (select 1 from ${context.dialect.elements(sql.ref('i.recipients'))}
        where ${holdsSql(context, sql.ref('e.value'), grants)})`;
  return { log, person: null, channels, sharedFrom: 0, own: null, held };
}

/** `select n`, newest first, at most `limit`, each once. */
export function candidatesSql(
  context: ReadContext,
  source: Source,
  range: Range,
  limit: number,
): RawBuilder<{ n: number }> {
  const before = range.before ?? PAST_ALL;
  const ranges =
    source.channels === null
      ? [walk(source, range.above.whole, before)]
      : source.channels.map((channel) => channelRange(source, channel, floorOn(range.above, channel), before));
  if (range.rows !== null) ranges.push(rowRange(source, range, before));
  return ranges.length === 0 ? sql`select n from addressed where 1 = 0` : context.dialect.merge(ranges, 'desc', limit);
}

function channelRange(source: Source, channel: Channel, above: number, before: number) {
  const from = channel === source.own ? above : Math.max(above, source.sharedFrom - 1);
  return sql`select n from addressed
    where log = ${source.log} and channel = ${channel} and n > ${from} and n < ${before}`;
}

function walk(source: Source, above: number, before: number) {
  return sql`select i.n as n from notifications i
    where i.log = ${source.log} and i.n > ${above} and i.n < ${before} and ${source.held}`;
}

/** `cross join` keeps SQLite from walking the notifications first; elsewhere it is an ordinary join. */
function rowRange(source: Source, range: Range, before: number) {
  return sql`select m.n as n from marks m cross join notifications i
    where m.log = ${source.log} and m.person = ${source.person} and ${range.rows}
      and m.n <= ${range.rowsUpTo ?? PAST_ALL} and m.n < ${before}
      and i.log = m.log and i.n = m.n and ${source.held}`;
}
