import type { Channel, Grants } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { channelsOf, holdsSql } from '../access/channels.ts';
import type { ReadContext } from '../context.ts';
import { channelNumbers, type Span } from '../numbers/channel-numbers.ts';
import { type Known, settled } from '../numbers/settled.ts';
import { type Floor, floorOn, GROUND } from './floor.ts';
import { PAST_ALL, seesSql, type Viewer } from './viewer.ts';

/** Where a list finds its items, newest first: on channels, never the whole. */
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

/** The newest numbers of items that can be theirs, at most `limit`. */
export async function findCandidates(
  context: ReadContext,
  source: Source,
  range: Range,
  limit: number,
): Promise<Known> {
  const { log, channels } = source;
  const before = range.before ?? PAST_ALL;
  const onChannels =
    channels === null
      ? await walked(context, source, range.above.whole, before, limit)
      : await channelNumbers(context, log, spansOf(source, channels, range.above, before), 'desc', limit);
  if (range.rows === null || range.rowsUpTo === 0) return onChannels;
  return settled([onChannels, await markedBack(context, source, range, before, limit)], 'desc', limit);
}

/** What each channel has above the floor. */
export function spansOf(source: Source, channels: readonly Channel[], above: Floor, below: number): Span[] {
  return channels.map((channel) => {
    const floor = floorOn(above, channel);
    const from = channel === source.own ? floor : Math.max(floor, source.sharedFrom - 1);
    return { table: 'addressed', channel, above: from, below };
  });
}

function walked(context: ReadContext, { log, held }: Source, above: number, before: number, limit: number) {
  const query = sql<{ n: number }>`select i.n as n from notifications i
    where i.log = ${log} and i.n > ${above} and i.n < ${before} and ${held} order by i.n desc limit ${limit}`;
  return numbersOf(context, query, limit);
}

/** From their marks to the items, and never the other way round. */
function markedBack(context: ReadContext, { log, person, held }: Source, range: Range, before: number, limit: number) {
  const query = sql<{ n: number }>`select m.n as n
    from marks m ${context.dialect.lookUp('notifications', 'i', sql`i.log = m.log and i.n = m.n`)}
    where m.log = ${log} and m.person = ${person} and ${range.rows}
      and m.n <= ${range.rowsUpTo ?? PAST_ALL} and m.n < ${before} and ${held}
    order by m.n desc limit ${limit}`;
  return numbersOf(context, query, limit);
}

/** Of a query with this limit, that selects each number once and in order. */
export async function numbersOf({ db }: ReadContext, query: RawBuilder<{ n: number }>, limit: number): Promise<Known> {
  const { rows } = await query.execute(db);
  return { numbers: rows.map(({ n }) => n), isAll: rows.length < limit };
}
