import { BelfryError, ERROR_STATUS, type ErrorCode, type Problem, quote } from '@belfry/protocol';

/** An answer that was not a success, or no answer at all: then `status` is 0 and `problem` null. */
export class RequestError extends BelfryError {
  /** What the server said, where it said it as problem+json. */
  declare readonly problem: Problem | null;
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
    if (this.#status === 0) return this.code !== 'invalid';
    return this.#status >= 500 || [408, 425, 429].includes(this.#status);
  }
}

interface Details {
  problem?: Problem | null;
  field?: string | undefined;
  answer?: unknown;
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** What was thrown where requests are made. What is no answer, nor the lack of one, is a fault of its own. */
export function requestErrorOf(cause: unknown): RequestError {
  return cause instanceof RequestError ? cause : new RequestError('internal', `${cause}`, 0, { cause });
}

/** What `fetch`, or reading its answer, threw. */
export function unreachable(address: string, cause: unknown): RequestError {
  const why = reasonOf(cause);
  if (why === 'ERR_INVALID_URL') {
    const message = `url is ${quote(address)}, a path, and here is no page that has a host. Give the whole address.`;
    return new RequestError('invalid', message, 0, { field: 'url', cause });
  }
  const message = `Belfry at ${address || '/'} could not be reached${why && ` (${why})`}. Check the address, the network, and in a page of another origin BELFRY_CORS_ORIGINS.`;
  return new RequestError('unavailable', message, 0, { cause });
}

/** Node says no more than "fetch failed", and why in the cause; a browser keeps it to itself. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? code : error.message;
}

/** Reads an answer that is not ok. What is not problem+json (a proxy's page, say) becomes one by its status. */
export async function errorOf(response: Response): Promise<RequestError> {
  const problem = await problemOf(response);
  const { status } = response;
  const code = problem !== null && problem.code in ERROR_STATUS ? problem.code : codeOf(status);
  const message = problem?.detail ?? `The server answered ${status}, and not as Belfry does. Check the address.`;
  return new RequestError(code, message, status, {
    problem,
    field: problem?.field,
    answer: problem?.answer,
    retryAfter: retryAfterOf(response),
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
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  return codes.find((code) => ERROR_STATUS[code] === status) ?? (status >= 500 ? 'unavailable' : 'invalid');
}

/** `Retry-After` in seconds, from either of its two forms. */
function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
