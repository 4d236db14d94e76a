import { isName, isTypePattern, LIMITS } from '@belfry/protocol';
import { later, parseWith } from '@belfry/protocol/schemas';
import * as z from 'zod';
import { channels, commaList, wholeNumber } from '../http/query.ts';

const MOST_ACCESS = 100;

/**
 * The query of a stream. Unlike the other calls it lets unknown names pass: EventSource libraries and proxies add some
 * of their own.
 */
const streamQuery = later(() =>
  z.object({
    lastEventId: z.string().optional(),
    channels: channels.optional(),
    types: commaList(isTypePattern, 'notification types, each may end in *').optional(),
    events: commaList(isTypePattern, 'event types, each may end in *').optional(),
    state: z.literal('none', 'must be none, or left out').optional(),
    device: z.string().refine(isName, 'must start with a letter or digit, at most 200 characters').optional(),
    access: z.string().max(MOST_ACCESS).optional(),
    wait: wholeNumber(0, LIMITS.waitSeconds).optional(),
    ticket: z.string().max(200).optional(),
  }),
);

export type StreamQuery = z.output<typeof streamQuery>;

const channelsQuery = later(() => streamQuery.pick({ channels: true }));

/** Only `channels`, which is judged before the others are: 403 goes before 400. @throws BelfryError `invalid`. */
export function parseChannels(query: Record<string, string>): string[] | undefined {
  return query.channels === undefined ? undefined : parseWith(channelsQuery, query).channels;
}

/** @throws BelfryError `invalid`. */
export function parseStreamQuery(query: Record<string, string>): StreamQuery {
  return isPlain(query) ? query : parsed(query);
}

/** What the SDK asks with as a rule, and in a storm thousands do: nothing of it needs to be read. */
function isPlain(query: Record<string, string>): boolean {
  for (const name in query) if (name !== 'access') return false;
  return query.access === undefined || query.access.length <= MOST_ACCESS;
}

function parsed(query: Record<string, string>): StreamQuery {
  return parseWith(streamQuery, query);
}
