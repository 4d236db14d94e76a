import type { Channel } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { audienceOf, channelAt, endOf, PLACE, whoSql } from './audience.ts';
import { spanOf } from './span.ts';

interface Recipients {
  /** In the order of their names, each with the channel that they have it by. */
  found: { name: string; channel: Channel }[];
  /** Up to where was looked; null: there are no more. */
  last: string | null;
}

/** Everyone named in `to`, and of its shared channels those who ever connected and hold them; at most `limit`. */
export async function recipientsAfter(
  context: ReadContext,
  log: number,
  to: readonly Channel[],
  after: string,
  limit: number,
): Promise<Recipients> {
  const audience = await audienceOf(context, log, to);
  const end = await endOf(context, audience, after, limit + 1);
  const { rows } = await sql<{ person: string; place: number }>`
    select person, ${PLACE} as place from (${whoSql(context, audience, spanOf(after, end))}) as w
    order by person limit ${limit + 1}`.execute(context.db);
  const found = rows
    .slice(0, limit)
    .map(({ person, place }) => ({ name: person, channel: channelAt(audience, place) }));
  return { found, last: rows.length > limit ? (found.at(-1)?.name ?? null) : end };
}
