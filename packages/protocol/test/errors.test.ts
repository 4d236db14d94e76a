import { describe, expect, it } from 'vitest';
import { BelfryError, ERRORS, type ErrorCode, invalid } from '../src/index.ts';

describe('an error', () => {
  it('has the status that the contract gives its code', () => {
    const statuses = Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status]));
    expect(statuses).toEqual({
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
      rate_limited: 429,
      unavailable: 503,
      internal: 500,
    });
  });

  it('becomes a problem with every field of RFC 9457 and ours', () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const problem = new BelfryError(code, 'Because.').toProblem('r-1');
      const { status, title } = ERRORS[code];
      expect(problem).toEqual({
        type: `urn:belfry:problem:${code}`,
        title,
        status,
        detail: 'Because.',
        code,
        requestId: 'r-1',
      });
    }
    expect(invalid('to.0', 'No.').toProblem('r-1').field).toBe('to.0');
  });

  it('keeps its cause to itself', () => {
    const error = new BelfryError('internal', 'Sorry.', { cause: new Error('/secret/path') });
    expect(JSON.stringify(error.toProblem('r-1'))).not.toContain('secret');
  });
});
