import { ERROR_STATUS, type ErrorCode, PROBLEM_TITLES } from '@belfry/protocol';
import { problemShape } from '@belfry/protocol/schemas';
import { expect } from 'vitest';
import type { Answer } from './caller.ts';

/** The answer is the documented problem and nothing else. */
export function expectProblem(answer: Answer, code: ErrorCode, field?: string): void {
  const problem = problemShape.strict().parse(answer.body);
  expect({ code: problem.code, field: problem.field }).toEqual({ code, field });
  expect(answer.status).toBe(ERROR_STATUS[code]);
  expect(problem.status).toBe(answer.status);
  expect(problem.title).toBe(PROBLEM_TITLES[code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBe(problem.requestId);
  expect(problem.detail.length).toBeGreaterThan(10);
}
