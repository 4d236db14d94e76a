import type { Counts } from '@belfry/protocol';
import { alike } from './alike.ts';
import { changesOf } from './changes.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Questions } from './questions/questions.ts';
import type { Runs } from './runs/runs.ts';
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
  let last: CountsSnapshot | null = null;
  const getSnapshot = (): CountsSnapshot => {
    const { unread, unseen } = inbox.getSnapshot();
    const counts = {
      unread,
      unseen,
      openQuestions: questions.getSnapshot().open,
      activeRuns: runs.getSnapshot().active,
    };
    if (last === null || !alike(last, counts)) last = counts;
    return last;
  };
  return { subscribe: changesOf([inbox, questions, runs], getSnapshot), getSnapshot };
}
