import { BelfryError, toProblem } from '@belfry/protocol';
import { type Reply, responseOf } from './reply.ts';
import type { Services } from './route.ts';

/** Who is told of errors, besides the client. */
export type Told = Pick<Services, 'log' | 'traffic' | 'refusals'>;

/** Any error as its `application/problem+json`. What we did not foresee is logged and told as `internal`, no more. */
export function problemReply(error: unknown, requestId: string, { log, traffic, refusals }: Told): Reply {
  const known = isForeseen(error) ? error : unforeseen(error, requestId, log);
  traffic.refused(known.code);
  if (known.code === 'unavailable') refusals.tell(requestId, known);
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'x-request-id': requestId,
  };
  if (known.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  const retryAfter = known.retryAfter ?? (known.status === 503 || known.status === 429 ? 1 : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  return { status: known.status, headers, body: JSON.stringify(toProblem(known, requestId)) };
}

export function problemResponse(error: unknown, requestId: string, told: Told): Response {
  return responseOf(problemReply(error, requestId, told));
}

/** A store's `internal` is a mistake of ours as well: its cause is for the log alone. */
function isForeseen(error: unknown): error is BelfryError {
  return error instanceof BelfryError && error.code !== 'internal';
}

function unforeseen(error: unknown, requestId: string, log: Told['log']): BelfryError {
  log.error({ requestId, err: error }, 'unforeseen error');
  return new BelfryError('internal', 'Something went wrong on our side. The request id finds it in the log.');
}
