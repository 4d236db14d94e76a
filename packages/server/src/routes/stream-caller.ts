import type { ClaimedTicket, Principal } from '@belfry/core';
import { requireService } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { Services } from '../http/route.ts';
import { orElse, soon } from '../http/soon.ts';
import { closedStream } from '../stream/other-answers.ts';
import { lastEventId, type StreamCall } from '../stream/stream-call.ts';

const TOKEN_NAMES = ['token', 'access_token', 'jwt'];

export type Authenticate = () => Promise<Principal> | Principal;

/** Who asks for a stream, and the ticket they came with if they did. It is released when the stream has ended. */
export type AnswerCaller<Answer> = (principal: Principal, ticket: ClaimedTicket | null) => Promise<Answer> | Answer;

/**
 * Finds who asks for a stream, by what every call takes or by a ticket. What can't start is told to an EventSource in a
 * stream that ends, as it would give up for good on a 503 or a 429.
 */
export function asCaller<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  authenticate: Authenticate,
  answer: AnswerCaller<Answer>,
): Promise<Answer> | Answer {
  const { ticket } = call.query();
  return orElse(
    () =>
      ticket === undefined ? answerSignedIn(call, authenticate, answer) : answerTicket(call, services, ticket, answer),
    (error) => {
      const wantsStream = (call.headers.get('accept') ?? '').includes('text/event-stream');
      if (wantsStream && isForNow(error)) return closedStream(call, 'unavailable');
      throw error;
    },
  );
}

function isForNow(error: unknown): boolean {
  return error instanceof BelfryError && (error.code === 'unavailable' || error.code === 'rate_limited');
}

function answerSignedIn<Answer>(
  call: StreamCall<Answer>,
  authenticate: Authenticate,
  answer: AnswerCaller<Answer>,
): Promise<Answer> | Answer {
  return soon(signedIn(call, authenticate), (principal) => {
    if (principal.kind === 'service') requireService(principal, 'read');
    return answer(principal, null);
  });
}

async function answerTicket<Answer>(
  call: StreamCall<Answer>,
  services: Services,
  ticket: string,
  answer: AnswerCaller<Answer>,
): Promise<Answer> {
  if (call.method === 'HEAD') throw new BelfryError('unauthenticated', 'A ticket opens a stream, by GET, and no more.');
  const claimed = await services.core.tickets.claim(ticket, lastEventId(call) !== null);
  try {
    return await answer(claimed.person, claimed);
  } catch (error) {
    await claimed.putBack();
    throw error;
  }
}

/** Where a browser's `EventSource` can't send a header, a token in the address is what everybody tries first. */
function signedIn(call: StreamCall<unknown>, authenticate: Authenticate): Promise<Principal> | Principal {
  return orElse(authenticate, (error) => {
    const query = call.query();
    const isInUrl = TOKEN_NAMES.some((name) => Object.hasOwn(query, name)) && !call.headers.has('authorization');
    if (!isInUrl || !(error instanceof BelfryError) || error.code !== 'unauthenticated') throw error;
    throw new BelfryError(
      'unauthenticated',
      'Tokens in URLs are not accepted: URLs end in logs. Send "Authorization: Bearer <token>", or for an EventSource get a ticket with POST /v1/tickets and open /v1/stream?ticket=<ticket>.',
    );
  });
}

/** Gives a ticket back, where there is one. Nobody waits for it. One function for all without one: they are many. */
export function giverBack({ log }: Services, back: (() => Promise<void>) | undefined): () => void {
  if (back === undefined) return nothing;
  return () => {
    back().catch((error: unknown) => log.warn({ err: error }, 'a ticket was not released'));
  };
}

function nothing(): void {}
