import { BelfryError } from '@belfry/protocol';
import type { Answer } from './post.ts';

/** Belfry's own words for what it did not take. */
export function refusal({ status, body }: Answer): BelfryError {
  const problem = problemIn(body);
  const field = problem.field === undefined ? {} : { field: problem.field };
  return new BelfryError('invalid', problem.detail ?? `The server answered ${status}.`, field);
}

function problemIn(body: string): { detail?: string; field?: string } {
  try {
    return JSON.parse(body) as { detail?: string; field?: string };
  } catch {
    return {};
  }
}
