import { type LogEvent, type LogPage, type LogTopic, type Reads, topicOf } from '@belfry/core';
import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { CHUNK, eventColumns, type Shown, toLogEvent } from './log-event.ts';

/**
 * A page for who reads all of a log: numbers have no gaps, so they need not be looked up first, and what lies a little
 * behind the head takes one statement. Every process asks for that at each wake-up. Null where retention has deleted
 * some of it: what is left is to be found by its numbers.
 */
export async function wholePage(context: ReadContext, input: Reads['readLog']['in']): Promise<LogPage | null> {
  const { log: name, after, limit, maxBytes } = input;
  const topic = topicOf(name);
  const events: LogEvent[] = [];
  let bytes = 0;
  for (let at = after; ; ) {
    const room = Math.min(CHUNK, limit - events.length);
    const { rows, head } = await chunk(context, topic, name, at, Math.min(input.upTo, at + room));
    const upTo = Math.min(input.upTo, head);
    if (rows.length < Math.min(upTo - at, room)) return null;
    for (const row of rows) {
      bytes += row.bytes;
      if (bytes > maxBytes && events.length > 0) return { events, upTo: at };
      events.push(toLogEvent(topic, row));
      at = row.n;
    }
    if (at >= upTo || events.length >= limit) return { events, upTo: Math.min(at, head) };
  }
}

/** What stands after one number and up to another, with where the log ends: 0 of one that nobody wrote to. */
async function chunk(
  context: ReadContext,
  topic: LogTopic,
  name: string,
  after: number,
  upTo: number,
): Promise<{ rows: Shown[]; head: number }> {
  const { rows } = await sql<(Shown | { n: null }) & { head: number | null }>`
    select (select h.n from events h where h.log = l.id order by h.n desc limit 1) as head, ${eventColumns(context, topic)}
    from logs l left join events e on e.log = l.id and e.n > ${after} and e.n <= ${upTo}
    where l.tenant = ${name} order by e.n`.execute(context.db);
  return { rows: rows.filter((row) => row.n !== null) as Shown[], head: rows[0]?.head ?? 0 };
}
