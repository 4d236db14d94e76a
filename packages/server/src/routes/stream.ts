import type { AccessRows, ClaimedTicket, Principal } from '@belfry/core';
import { NO_ROWS, requireService } from '@belfry/core';
import { accessHash, grantsOfPrincipal, narrowed, type StreamRequest } from '@belfry/hub';
import { BelfryError } from '@belfry/protocol';
import type { Context } from 'hono';
import type { Services } from '../http/route.ts';
import { parseChannels, parseStreamQuery, type StreamQuery } from '../stream/stream-query.ts';
import { closedStream, streamHead, streamResponse } from '../stream/stream-response.ts';

const TOKEN_NAMES = ['token', 'access_token', 'jwt'];

export type Authenticate = (c: Context) => Promise<Principal>;

/** `GET /v1/stream`: the stream itself, or one answer of it with `?wait=`. */
export async function handleStream(c: Context, services: Services, authenticate: Authenticate): Promise<Response> {
  try {
    return await openStream(c, services, authenticate);
  } catch (error) {
    const wantsStream = (c.req.header('accept') ?? '').includes('text/event-stream');
    if (wantsStream && error instanceof BelfryError && error.code === 'unavailable')
      return closedStream(c, 'unavailable');
    throw error;
  }
}

async function openStream(c: Context, services: Services, authenticate: Authenticate): Promise<Response> {
  const ticket = c.req.query('ticket');
  if (ticket === undefined) {
    const principal = await signedIn(c, authenticate);
    if (principal.kind === 'service') requireService(principal, 'read');
    return answer(c, services, principal, null);
  }
  if (c.req.method === 'HEAD')
    throw new BelfryError('unauthenticated', 'A ticket opens a stream, by GET, and no more.');
  const claimed = await services.core.tickets.claim(ticket, lastEventId(c) !== null);
  try {
    return await answer(c, services, claimed.person, claimed);
  } catch (error) {
    await claimed.putBack();
    throw error;
  }
}

/** Where a browser's `EventSource` can't send a header, a token in the address is what everybody tries first. */
async function signedIn(c: Context, authenticate: Authenticate): Promise<Principal> {
  try {
    return await authenticate(c);
  } catch (error) {
    const query = c.req.query();
    const isInUrl = TOKEN_NAMES.some((name) => Object.hasOwn(query, name)) && !c.req.raw.headers.has('authorization');
    if (!isInUrl || !(error instanceof BelfryError) || error.code !== 'unauthenticated') throw error;
    throw new BelfryError(
      'unauthenticated',
      'Tokens in URLs are not accepted: URLs end in logs. Send "Authorization: Bearer <token>", or for an EventSource get a ticket with POST /v1/tickets and open /v1/stream?ticket=<ticket>.',
    );
  }
}

async function answer(
  c: Context,
  services: Services,
  principal: Principal,
  ticket: ClaimedTicket | null,
): Promise<Response> {
  const { hub } = services;
  const held = await heldBy(services, principal, parseChannels(c.req.query()));
  const query = parseStreamQuery(c.req.query());
  const request = streamRequest(c, held, query, ticket);
  // The framework answers HEAD by the handler of GET: what opens a stream must not.
  if (c.req.method === 'HEAD') return streamHead(c);
  if (isUnfiltered(query)) ackBy(services, request);
  if (ticket !== null) await ticket.remember(accessHash(request));
  if (query.wait === undefined) {
    // Told to close and nothing before, an EventSource comes back without a Last-Event-ID.
    const giveBack = hub.turnsAway ? ticket?.putBack : ticket?.release;
    return streamResponse(c, hub, request, () => ended(services, giveBack));
  }
  const polled = await hub.poll(request, query.wait * 1_000, c.req.raw.signal);
  ended(services, ticket?.release);
  return c.json(polled, 200, { 'cache-control': 'no-store' });
}

type Held = Pick<StreamRequest, 'principal' | 'only' | 'rows' | 'grants'>;

/** @throws BelfryError `forbidden` where channels are asked for that are not held. */
async function heldBy({ core }: Services, principal: Principal, only: string[] | undefined): Promise<Held> {
  if (principal.kind === 'service') return heldWith(principal, NO_ROWS, only);
  const rows = await core.memberships.rowsOf(principal, core.clock.now());
  return heldWith(await core.appAccess.asOf(principal, rows.invalidatedAt), rows, only);
}

function heldWith(principal: Principal, rows: AccessRows, only: string[] | undefined): Held {
  const grants = narrowed(grantsOfPrincipal(principal, rows), only);
  return { principal, rows, grants, ...(only === undefined ? {} : { only }) };
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

/** The header wins: a native EventSource keeps its first URL and sends the header when it comes back. */
function lastEventId(c: Context): string | null {
  return c.req.header('last-event-id') || c.req.query('lastEventId') || null;
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

function ended({ log }: Services, giveBack: (() => Promise<void>) | undefined): void {
  giveBack?.().catch((error: unknown) => log.warn({ err: error }, 'a ticket was not released'));
}
