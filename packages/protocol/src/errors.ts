/** Every code Belfry answers with, and its HTTP status. The lowest file: it imports nothing. */
export const ERROR_STATUS = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  invalid: 400,
  already_answered: 409,
  run_finished: 409,
  idempotency_mismatch: 409,
  idempotency_in_progress: 409,
  expired: 410,
  too_large: 413,
  unsupported: 415,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorOptions {
  field?: string | undefined;
  /** Of a question that has been answered. It is told. */
  answer?: unknown;
  cause?: unknown;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfter?: number | undefined;
}

/**
 * What every part of Belfry throws when something is wrong. `message` names the cause and the mend, and is
 * written to be shown: it never holds a token, a path or a stack.
 */
export class BelfryError extends Error {
  override readonly name = 'BelfryError';
  declare readonly code: ErrorCode;
  declare readonly field: string | undefined;
  declare readonly answer: unknown;
  declare readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.field = options.field;
    this.answer = options.answer;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** Short for the most frequent one: a 400 that names its field. */
export function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid', message, { field });
}
