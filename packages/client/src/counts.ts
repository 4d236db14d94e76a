import type { Counts } from '@belfry/protocol';

/** What a badge shows. */
export interface CountsSnapshot extends Counts {
  /** Questions that this person may answer now. */
  openQuestions: number;
  /** Runs that have not finished. */
  activeRuns: number;
}
