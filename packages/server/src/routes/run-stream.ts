import { type ClaimedTicket, noRun, type Principal } from '@belfry/core';
import { runStreamRequest } from '@belfry/hub';
import { formatCursor } from '@belfry/protocol';
import { later, parseWith } from '@belfry/protocol/schemas';
import * as z from 'zod';
import type { Services } from '../http/route.ts';
import { streamHead } from '../stream/other-answers.ts';
import { lastEventId, type StreamCall } from '../stream/stream-call.ts';
import { type Authenticate, asCaller, giverBack } from './stream-caller.ts';

/** Unknown names pass, as on every stream. */
const query = later(() => z.object({ from: z.literal('start', 'must be start, or left out').optional() }));

/** `GET /v1/runs/{id}/stream`: one run as it goes, until its end. */
export function handleRunStream<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  authenticate: Authenticate,
): Promise<Answer> | Answer {
  return asCaller(call, services, authenticate, async (principal, ticket) => {
    // The app's own rules, where it has such, have not been asked about whoever came by a ticket.
    const now = ticket === null ? principal : await services.core.appAccess.now(ticket.person);
    return answer(call, services, now, ticket);
  });
}

async function answer<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  principal: Principal,
  ticket: ClaimedTicket | null,
): Promise<Answer> {
  const { core, hub } = services;
  const { from } = parseWith(query, call.query());
  const { run } = call;
  // No id of ours holds a NUL, and an engine may be unable to look for one.
  if (run.includes('\0')) throw noRun();
  const { at } = await core.runs.at(principal, run, 0);
  if (call.method === 'HEAD') return streamHead(call, services);
  const cursor = lastEventId(call);
  if (at.end !== null && cursor === formatCursor(core.store.epoch, at.end)) {
    giverBack(services, ticket?.release)();
    // Told nothing more, an EventSource would come back for ever.
    return call.reply({ status: 204, body: null });
  }
  const request = runStreamRequest(principal, run, { cursor, fromStart: from === 'start' });
  const back = hub.turnsAway ? ticket?.putBack : ticket?.release;
  return call.stream((sink, onGone) => hub.openRun(request, sink, onGone), giverBack(services, back));
}
