import { BelfryError } from '@belfry/protocol';

/** Whether a run was looked for and its person does not see it: by what the store says, or by the app's own rules. */
export function isNotTheirs(error: unknown): boolean {
  return error instanceof BelfryError && (error.code === 'not_found' || error.code === 'forbidden');
}
