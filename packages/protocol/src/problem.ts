import { type BelfryError, ERROR_STATUS, type ErrorCode } from './errors.ts';

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

/** What each code is called to a person. Apart from the codes: only who answers needs it, and a page does not. */
export const PROBLEM_TITLES: Readonly<Record<ErrorCode, string>> = {
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  invalid: 'Invalid request',
  already_answered: 'Already answered',
  run_finished: 'The run has finished',
  idempotency_mismatch: 'Idempotency key used for another request',
  idempotency_in_progress: 'The first request with this key is still running',
  expired: 'Expired',
  too_large: 'Too large',
  unsupported: 'Not supported',
  rate_limited: 'Too many requests',
  unavailable: 'Not available right now',
  internal: 'Something went wrong on our side',
};

/** An error as it is answered. Its cause stays where it is. */
export function toProblem({ code, message, field, answer }: BelfryError, requestId: string): Problem {
  return {
    type: `urn:belfry:problem:${code}`,
    title: PROBLEM_TITLES[code],
    status: ERROR_STATUS[code],
    detail: message,
    code,
    requestId,
    ...(field === undefined ? {} : { field }),
    ...(answer === undefined ? {} : { answer }),
  };
}
