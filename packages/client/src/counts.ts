import type { Counts } from '@belfry/protocol';
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
    const openQuestions = questions.getSnapshot().open;
    const activeRuns = runs.getSnapshot().active;
    const isSame = last?.unread === unread && last.unseen === unseen;
    if (!isSame || last?.openQuestions !== openQuestions || last.activeRuns !== activeRuns) {
      last = { unread, unseen, openQuestions, activeRuns };
    }
    return last as CountsSnapshot;
  };
  const subscribe = (listener: () => void): (() => void) => {
    let told = getSnapshot();
    const look = (): void => {
      const now = getSnapshot();
      if (now === told) return;
      told = now;
      listener();
    };
    const offs = [inbox, questions, runs].map((store) => store.subscribe(look));
    return () => {
      for (const off of offs) off();
    };
  };
  return { subscribe, getSnapshot };
}
