import type { ClaimedTicket, Principal } from '@belfry/core';
import { accessHash, type StreamRequest } from '@belfry/hub';
import type { Context } from 'hono';
import type { Services } from '../http/route.ts';
import { type Held, heldBy, heldByStream } from '../stream/held.ts';
import { parseChannels, parseStreamQuery, type StreamQuery } from '../stream/stream-query.ts';
import { streamHead, streamResponse } from '../stream/stream-response.ts';
import { type Authenticate, asCaller, giveBack, lastEventId } from './stream-caller.ts';

/** `GET /v1/stream`: the stream itself, or one answer of it with `?wait=`. */
export function handleStream(c: Context, services: Services, authenticate: Authenticate): Promise<Response> {
  return asCaller(c, services, authenticate, (principal, ticket) => answer(c, services, principal, ticket));
}

async function answer(
  c: Context,
  services: Services,
  principal: Principal,
  ticket: ClaimedTicket | null,
): Promise<Response> {
  const { hub } = services;
  const asked = c.req.query();
  const heldAs = asked.wait === undefined ? heldByStream : heldBy;
  const held = await heldAs(services, principal, parseChannels(asked));
  const query = parseStreamQuery(asked);
  const request = streamRequest(c, held, query, ticket);
  // The framework answers HEAD by the handler of GET: what opens a stream must not.
  if (c.req.method === 'HEAD') return streamHead(c, services);
  if (isUnfiltered(query)) ackBy(services, request);
  if (ticket !== null) await ticket.remember(accessHash(request));
  if (query.wait === undefined) {
    // Told to close and nothing before, an EventSource comes back without a Last-Event-ID.
    const back = hub.turnsAway ? ticket?.putBack : ticket?.release;
    return streamResponse(c, services, request, () => giveBack(services, back));
  }
  const polled = await hub.poll(request, query.wait * 1_000, c.req.raw.signal);
  giveBack(services, ticket?.release);
  return c.json(polled, 200, { 'cache-control': 'no-store' });
}

function streamRequest(c: Context, held: Held, query: StreamQuery, ticket: ClaimedTicket | null): StreamRequest {
  return {
    ...held,
    filters: {
      ...(query.types === undefined ? {} : { types: query.types }),
      ...(query.events === undefined ? {} : { events: query.events }),
    },
    cursor: lastEventId(c),
    access: query.access ?? ticket?.access ?? null,
    wantsState: query.state !== 'none',
    device: query.device ?? null,
  };
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
