import { type LogEvent, type LogPage, type LogTopic, topicOf } from '@belfry/core';
import { firstHeld, type Grants } from '@belfry/protocol';
import { sql } from 'kysely';
import { channelsOf } from '../access/channels.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { channelNumbers } from '../numbers/channel-numbers.ts';
import { CHUNK, eventColumns, type Shown, toLogEvent } from './log-event.ts';
import { endsOf, findLog } from './position.ts';
import { wholePage } from './whole-page.ts';

/** How far one page or count walks a log for a reader of very many channels. */
const WALK = 5_000;
const WALKS = 10;

export const readLog: ReadOp<'readLog'> = async (context, input) => {
  const whole = input.grants.everything ? await wholePage(context, input) : null;
  if (whole !== null) return whole;
  const log = await findLog(context, input.log);
  const { head, oldest } = log === null ? NO_LOG : await endsOf(context, log);
  const upTo = Math.min(input.upTo, head);
  if (log === null || upTo <= input.after) return { events: [], upTo: Math.max(upTo, Math.min(input.after, head)) };
  const after = Math.max(input.after, oldest - 1);
  const found = await numbersAfter(context, log, input.grants, after, upTo, input.limit);
  return page(context, topicOf(input.log), log, found, input.maxBytes);
};

export const countBehind: ReadOp<'countBehind'> = async (context, { log: name, after, grants, cap }) => {
  const log = await findLog(context, name);
  const { head, oldest } = log === null ? NO_LOG : await endsOf(context, log);
  if (log === null || head <= after) return 0;
  // Without gaps, the distance is the number.
  if (grants.everything) return Math.min(cap, head - Math.max(after, 0));
  let count = 0;
  for (let from = Math.max(after, oldest - 1), walks = 0; count < cap; walks += 1) {
    const found = await numbersAfter(context, log, grants, from, head, cap - count);
    count += found.numbers.length;
    if (found.upTo >= head) return count;
    // A walk this long over a busy log costs more than starting over.
    if (walks === WALKS) return cap;
    from = found.upTo;
  }
  return cap;
};

const NO_LOG = { head: 0, oldest: 0 };

/**
 * An event is found by the one or, where it brought an item that is still there, by the other. Items
 * outlive their events.
 */
const LOG_TABLES = ['event_channels', 'addressed'] as const;

interface Found {
  numbers: readonly number[];
  /** All up to here has been judged. */
  upTo: number;
}

async function numbersAfter(
  context: ReadContext,
  log: number,
  grants: Grants,
  after: number,
  upTo: number,
  limit: number,
): Promise<Found> {
  const channels = await channelsOf(context, LOG_TABLES, log, grants);
  if (channels === null) return walkedNumbers(context, log, grants, after, upTo, limit);
  if (channels.length === 0) return { numbers: [], upTo };
  const spans = channels.flatMap((channel) =>
    LOG_TABLES.map((table) => ({ table, channel, above: after, below: upTo + 1 })),
  );
  const { numbers, isAll } = await channelNumbers(context, log, spans, 'asc', limit);
  return { numbers, upTo: isAll ? upTo : (numbers.at(-1) ?? upTo) };
}

async function walkedNumbers(
  context: ReadContext,
  log: number,
  grants: Grants,
  after: number,
  upTo: number,
  limit: number,
): Promise<Found> {
  const rows = await context.db
    .selectFrom('events')
    .select(['n', 'recipients'])
    .where('log', '=', log)
    .where('n', '>', after)
    .where('n', '<=', upTo)
    .orderBy('n')
    .limit(grants.everything ? limit : WALK)
    .execute();
  const held = rows.filter((row) => grants.everything || firstHeld(grants, JSON.parse(row.recipients)) !== null);
  const numbers = held.slice(0, limit).map((row) => row.n);
  if (held.length >= limit) return { numbers, upTo: numbers.at(-1) ?? upTo };
  return { numbers, upTo: grants.everything || rows.length < WALK ? upTo : (rows.at(-1)?.n ?? upTo) };
}

async function page(
  context: ReadContext,
  topic: LogTopic,
  log: number,
  found: Found,
  maxBytes: number,
): Promise<LogPage> {
  const events: LogEvent[] = [];
  let bytes = 0;
  for (let start = 0; start < found.numbers.length; start += CHUNK) {
    for (const row of await eventRows(context, topic, log, found.numbers.slice(start, start + CHUNK))) {
      bytes += row.bytes;
      if (bytes > maxBytes && events.length > 0) return { events, upTo: events.at(-1)?.n ?? found.upTo };
      events.push(toLogEvent(topic, row));
    }
  }
  return { events, upTo: found.upTo };
}

async function eventRows(
  context: ReadContext,
  topic: LogTopic,
  log: number,
  numbers: readonly number[],
): Promise<Shown[]> {
  const { rows } = await sql<Shown>`
    select ${eventColumns(context, topic)} from ${context.dialect.numbers(numbers)}
    ${context.dialect.lookUp('events', 'e', sql`e.log = ${log} and e.n = t.value`)} order by e.n`.execute(context.db);
  return rows;
}
