import type { ClaimedTicket, Principal } from '@belfry/core';
import { accessHash, type StreamRequest } from '@belfry/hub';
import { parseCursor } from '@belfry/protocol';
import type { Services } from '../http/route.ts';
import { soon } from '../http/soon.ts';
import { type Held, heldAnew, heldBy, heldByStream } from '../stream/held.ts';
import { streamHead } from '../stream/other-answers.ts';
import { lastEventId, type StreamCall } from '../stream/stream-call.ts';
import { parseChannels, parseStreamQuery, type StreamQuery } from '../stream/stream-query.ts';
import { type Authenticate, asCaller, giverBack } from './stream-caller.ts';

/** `GET /v1/stream`: the stream itself, or one answer of it with `?wait=`. */
export function handleStream<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  authenticate: Authenticate,
): Promise<Answer> | Answer {
  return asCaller(call, services, authenticate, (principal, ticket) => answer(call, services, principal, ticket));
}

function answer<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  principal: Principal,
  ticket: ClaimedTicket | null,
): Promise<Answer> | Answer {
  const asked = call.query();
  return soon(heldFor(call, services, principal, asked), (held) => {
    const query = parseStreamQuery(asked);
    const request = streamRequest(call, held, query, ticket);
    // The framework answers HEAD by the handler of GET: what opens a stream must not.
    if (call.method === 'HEAD') return streamHead(call, services);
    if (isUnfiltered(query)) ackBy(services, request);
    const give = () =>
      query.wait === undefined
        ? stream(call, services, request, ticket)
        : poll(call, services, request, ticket, query.wait);
    return ticket === null ? give() : ticket.remember(accessHash(request)).then(give);
  });
}

function stream<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  request: StreamRequest,
  ticket: ClaimedTicket | null,
): Answer {
  const { hub } = services;
  // Told to close and nothing before, an EventSource comes back without a Last-Event-ID.
  const back = hub.turnsAway ? ticket?.putBack : ticket?.release;
  return call.stream((sink, onGone) => hub.open(request, sink, onGone), giverBack(services, back));
}

async function poll<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  request: StreamRequest,
  ticket: ClaimedTicket | null,
  wait: number,
): Promise<Answer> {
  const polled = await services.hub.poll(request, wait * 1_000, call.signal);
  giverBack(services, ticket?.release)();
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return call.reply({ status: 200, headers, body: JSON.stringify(polled) });
}

function heldFor(
  call: StreamCall<unknown>,
  services: Services,
  principal: Principal,
  asked: Record<string, string>,
): Promise<Held> | Held {
  const channels = parseChannels(asked);
  if (asked.wait !== undefined) return heldBy(services, principal, channels);
  const cursor = lastEventId(call);
  const beginsAnew = cursor === null && (asked.state !== 'none' || asked.device === undefined);
  const anew = beginsAnew && channels === undefined ? heldAnew(services, principal) : null;
  return anew ?? heldByStream(services, principal, channels, beginsAnew ? 0 : goesOnFrom(cursor));
}

/** Where an ack stands only the database says: no process is known to have heard as much. */
function goesOnFrom(cursor: string | null): number {
  return cursor === null ? Number.POSITIVE_INFINITY : (parseCursor(cursor)?.n ?? 0);
}

function streamRequest(
  call: StreamCall<unknown>,
  held: Held,
  query: StreamQuery,
  ticket: ClaimedTicket | null,
): StreamRequest {
  return {
    ...held,
    filters: filtersOf(query),
    cursor: lastEventId(call),
    access: query.access ?? ticket?.access ?? null,
    wantsState: query.state !== 'none',
    device: query.device ?? null,
  };
}

/** One for all who leave nothing out: it is kept with each stream. */
const NO_FILTERS: StreamRequest['filters'] = {};

function filtersOf({ types, events }: StreamQuery): StreamRequest['filters'] {
  if (types === undefined && events === undefined) return NO_FILTERS;
  return { ...(types === undefined ? {} : { types }), ...(events === undefined ? {} : { events }) };
}

function isUnfiltered({ channels, types, events }: StreamQuery): boolean {
  return channels === undefined && types === undefined && events === undefined;
}

/** Coming back with a cursor says that all before it has arrived, on streams that leave nothing out. */
function ackBy({ core, log }: Services, { principal, cursor, device }: StreamRequest): void {
  if (principal.kind !== 'person' || principal.readOnly || cursor === null || device === null) return;
  core.inbox.ack(principal, device, cursor).catch((error: unknown) => {
    // A cursor that can't be resumed acknowledges nothing; the stream itself says why.
    log.debug({ err: error }, 'a Last-Event-ID was no ack');
  });
}
