import { type ClaimedTicket, noRun, type Principal } from '@belfry/core';
import { runStreamRequest } from '@belfry/hub';
import { formatCursor } from '@belfry/protocol';
import { parseWith } from '@belfry/protocol/schemas';
import type { Context } from 'hono';
import * as z from 'zod';
import type { Services } from '../http/route.ts';
import { runStreamResponse, streamHead } from '../stream/stream-response.ts';
import { type Authenticate, asCaller, giveBack, lastEventId } from './stream-caller.ts';

/** Unknown names pass, as on every stream. */
const query = z.object({ from: z.literal('start', 'must be start, or left out').optional() });

/** `GET /v1/runs/{id}/stream`: one run as it goes, until its end. */
export function handleRunStream(c: Context, services: Services, authenticate: Authenticate): Promise<Response> {
  return asCaller(c, services, authenticate, async (principal, ticket) => {
    // The app's own rules, where it has such, have not been asked about whoever came by a ticket.
    const now = ticket === null ? principal : await services.core.appAccess.now(ticket.person);
    return answer(c, services, now, ticket);
  });
}

async function answer(
  c: Context,
  services: Services,
  principal: Principal,
  ticket: ClaimedTicket | null,
): Promise<Response> {
  const { core, hub } = services;
  const { from } = parseWith(query, c.req.query());
  const run = runId(c);
  const { at } = await core.runs.at(principal, run, 0);
  if (c.req.method === 'HEAD') return streamHead(c, services);
  const cursor = lastEventId(c);
  if (at.end !== null && cursor === formatCursor(core.store.epoch, at.end)) {
    giveBack(services, ticket?.release);
    // Told nothing more, an EventSource would come back for ever.
    return c.body(null, 204);
  }
  const request = runStreamRequest(principal, run, { cursor, fromStart: from === 'start' });
  const back = hub.turnsAway ? ticket?.putBack : ticket?.release;
  return runStreamResponse(c, services, request, () => giveBack(services, back));
}

/** No id of ours holds a NUL, and an engine may be unable to look for one. */
function runId(c: Context): string {
  const id = c.req.param('id') ?? '';
  if (id.includes('\0')) throw noRun();
  return id;
}
