import type { Counts } from '@belfry/protocol';
import type { Inbox } from './inbox/inbox.ts';
import type { Questions } from './questions/questions.ts';
import type { Runs } from './runs/runs.ts';
import { selectFrom } from './select.ts';
import type { Readable } from './store.ts';

/** What a badge shows. */
export interface CountsSnapshot extends Counts {
  /** Questions that this person may answer now. */
  openQuestions: number;
  /** Runs that have not finished. */
  activeRuns: number;
}

/** The counts of several stores as one value. */
export function countsOf(inbox: Inbox, questions: Questions, runs: Runs): Readable<CountsSnapshot> {
  return selectFrom([inbox, questions, runs], ({ unread, unseen }, { open }, { active }) => ({
    unread,
    unseen,
    openQuestions: open,
    activeRuns: active,
  }));
}
