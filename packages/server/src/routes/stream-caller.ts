import type { ClaimedTicket, Principal } from '@belfry/core';
import { requireService } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { Context } from 'hono';
import type { Services } from '../http/route.ts';
import { closedStream } from '../stream/stream-response.ts';

const TOKEN_NAMES = ['token', 'access_token', 'jwt'];

export type Authenticate = (c: Context) => Promise<Principal>;

/** Who asks for a stream, and the ticket they came with if they did. It is released when the stream has ended. */
export type AnswerCaller = (principal: Principal, ticket: ClaimedTicket | null) => Promise<Response>;

/**
 * Finds who asks for a stream, by what every call takes or by a ticket. What can't start is told to an EventSource in a
 * stream that ends, as it would give up for good on a 503 or a 429.
 */
export async function asCaller(
  c: Context,
  services: Services,
  authenticate: Authenticate,
  answer: AnswerCaller,
): Promise<Response> {
  try {
    return await answerCaller(c, services, authenticate, answer);
  } catch (error) {
    const wantsStream = (c.req.header('accept') ?? '').includes('text/event-stream');
    if (wantsStream && isForNow(error)) return closedStream(c, 'unavailable');
    throw error;
  }
}

function isForNow(error: unknown): boolean {
  return error instanceof BelfryError && (error.code === 'unavailable' || error.code === 'rate_limited');
}

async function answerCaller(
  c: Context,
  services: Services,
  authenticate: Authenticate,
  answer: AnswerCaller,
): Promise<Response> {
  const ticket = c.req.query('ticket');
  if (ticket === undefined) {
    const principal = await signedIn(c, authenticate);
    if (principal.kind === 'service') requireService(principal, 'read');
    return answer(principal, null);
  }
  if (c.req.method === 'HEAD')
    throw new BelfryError('unauthenticated', 'A ticket opens a stream, by GET, and no more.');
  const claimed = await services.core.tickets.claim(ticket, lastEventId(c) !== null);
  try {
    return await answer(claimed.person, claimed);
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

/** The header wins: a native EventSource keeps its first URL and sends the header when it comes back. */
export function lastEventId(c: Context): string | null {
  return c.req.header('last-event-id') || c.req.query('lastEventId') || null;
}

/** Gives a ticket back, where there is one. Nobody waits for it. */
export function giveBack({ log }: Services, back: (() => Promise<void>) | undefined): void {
  back?.().catch((error: unknown) => log.warn({ err: error }, 'a ticket was not released'));
}
