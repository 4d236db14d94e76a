import { BelfryError } from '../src/index.ts';

/** The BelfryError that `work` throws; anything else fails the test. */
export function caught(work: () => unknown): BelfryError {
  try {
    work();
  } catch (error) {
    if (error instanceof BelfryError) return error;
    throw error;
  }
  throw new Error('It did not throw.');
}
