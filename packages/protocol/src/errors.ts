/** Every code Belfry answers with, its HTTP status and its title. The lowest file: it imports nothing. */
export const ERRORS = {
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  invalid: { status: 400, title: 'Invalid request' },
  already_answered: { status: 409, title: 'Already answered' },
  run_finished: { status: 409, title: 'The run has finished' },
  idempotency_mismatch: { status: 409, title: 'Idempotency key used for another request' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still running' },
  expired: { status: 410, title: 'Expired' },
  too_large: { status: 413, title: 'Too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available right now' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The body of every error answer: RFC 9457, served as `application/problem+json`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** The offending field as a path, such as `to.0` or `notifications.3.title`. */
  field?: string;
  requestId: string;
  /** With `already_answered`: the answer that was first. */
  answer?: unknown;
}

export interface ErrorOptions {
  field?: string;
  /** Of a question that has been answered. It is told. */
  answer?: unknown;
  cause?: unknown;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfter?: number;
}

/**
 * What every part of Belfry throws when something is wrong. `message` names the cause and the mend, and is
 * written to be shown: it never holds a token, a path or a stack.
 */
export class BelfryError extends Error {
  override readonly name = 'BelfryError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly answer: unknown;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.answer = options.answer;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toProblem(requestId: string): Problem {
    const { status, title } = ERRORS[this.code];
    const problem: Problem = {
      type: `urn:belfry:problem:${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      requestId,
    };
    if (this.field !== undefined) problem.field = this.field;
    if (this.answer !== undefined) problem.answer = this.answer;
    return problem;
  }
}

/** Short for the most frequent one: a 400 that names its field. */
export function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid', message, { field });
}
