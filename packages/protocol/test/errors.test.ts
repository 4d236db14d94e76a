import { describe, expect, it } from 'vitest';
import { BelfryError, ERROR_STATUS, type ErrorCode, invalid, PROBLEM_TITLES, toProblem } from '../src/index.ts';

describe('an error', () => {
  it('has the status that the contract gives its code', () => {
    expect(ERROR_STATUS).toEqual({
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
    });
  });

  it('becomes a problem with every field of RFC 9457 and ours', () => {
    for (const code of Object.keys(ERROR_STATUS) as ErrorCode[]) {
      const problem = toProblem(new BelfryError(code, 'Because.'), 'r-1');
      expect(problem).toEqual({
        type: `urn:belfry:problem:${code}`,
        title: PROBLEM_TITLES[code],
        status: ERROR_STATUS[code],
        detail: 'Because.',
        code,
        requestId: 'r-1',
      });
    }
    expect(toProblem(invalid('to.0', 'No.'), 'r-1').field).toBe('to.0');
  });

  it('keeps its cause to itself', () => {
    const error = new BelfryError('internal', 'Sorry.', { cause: new Error('/secret/path') });
    expect(JSON.stringify(toProblem(error, 'r-1'))).not.toContain('secret');
  });
});
