import { BelfryError, ERRORS, type ErrorCode, type Problem } from '@belfry/protocol';

/** An answer that was not a success, or no answer at all: then `status` is 0 and `problem` null. */
export class RequestError extends BelfryError {
  /** What the server said, where it said it as problem+json. */
  readonly problem: Problem | null;
  readonly #status: number;

  constructor(code: ErrorCode, message: string, status: number, details: Details = {}) {
    super(code, message, details);
    this.problem = details.problem ?? null;
    this.#status = status;
  }

  override get status(): number {
    return this.#status;
  }

  /** Whether the same request may succeed later: no answer, too busy, or the server's own trouble. */
  get passing(): boolean {
    return this.#status === 0 || this.#status >= 500 || [408, 425, 429].includes(this.#status);
  }
}

interface Details {
  problem?: Problem | null;
  field?: string;
  retryAfter?: number;
  cause?: unknown;
}

export function unreachable(cause: unknown): RequestError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new RequestError('unavailable', `Belfry could not be reached${why}. Check the address and the network.`, 0, {
    cause,
  });
}

/** Reads an answer that is not ok. What is not problem+json (a proxy's page, say) becomes one by its status. */
export async function errorOf(response: Response): Promise<RequestError> {
  const problem = await problemOf(response);
  const { status } = response;
  const code = problem !== null && problem.code in ERRORS ? problem.code : codeOf(status);
  const message = problem?.detail ?? `The server answered ${status}, and not as Belfry does. Check the address.`;
  const retryAfter = retryAfterOf(response);
  return new RequestError(code, message, status, {
    problem,
    ...(problem?.field === undefined ? {} : { field: problem.field }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

async function problemOf(response: Response): Promise<Problem | null> {
  try {
    if (!response.headers.get('content-type')?.includes('json')) return null;
    const body: unknown = await response.json();
    return typeof (body as Problem | null)?.code === 'string' ? (body as Problem) : null;
  } catch {
    return null;
  } finally {
    // Unread, a body keeps its socket. Read, this does nothing.
    response.body?.cancel().catch(() => {});
  }
}

function codeOf(status: number): ErrorCode {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  return codes.find((code) => ERRORS[code].status === status) ?? (status >= 500 ? 'unavailable' : 'invalid');
}

/** `Retry-After` in seconds, from either of its two forms. */
function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
