import { isFinished, type Run, type StateFrame } from '@belfry/protocol';

/** What the log has told of runs, and the cancelling asked for here. No requests, no clock. */
export interface RunLedger {
  isReady(): boolean;
  /** Answers the runs that were under way and are not in this state: nobody has told how they ended. */
  stateCame(state: StateFrame): string[];
  /** From an event, or from the answer to a call, which may be ahead of the events: what has finished stays so. */
  put(run: Run): void;
  /** How a run ended that was here before. */
  ended(run: Run): void;
  cancel(id: string): void;
  cancelEnded(id: string): void;
  dismiss(id: string): void;
  view(): Run[];
}

export function createRunLedger(): RunLedger {
  let known = new Map<string, Run>();
  const cancelling = new Set<string>();
  /** Since the last state: an event from before its end, which the word of a cancelling overtook, brings none back. */
  const dismissed = new Set<string>();
  let ready = false;
  return {
    isReady: () => ready,
    stateCame: ({ runs }) => {
      const now = new Set(runs.map(({ id }) => id));
      const gone = [...known.values()].filter(({ id }) => !now.has(id));
      const finished = gone.filter(isOver);
      known = new Map([...finished, ...runs].map((run) => [run.id, run]));
      dismissed.clear();
      ready = true;
      return gone.filter((run) => !isOver(run)).map(({ id }) => id);
    },
    put: (run) => {
      if (dismissed.has(run.id)) return;
      const last = known.get(run.id);
      // Of one that ended before it was ever here there is no news.
      if (last === undefined ? isOver(run) : isOver(last) && !isOver(run)) return;
      known.set(run.id, run);
    },
    ended: (run) => {
      if (!known.has(run.id)) known.set(run.id, run);
    },
    cancel: (id) => {
      cancelling.add(id);
    },
    cancelEnded: (id) => {
      cancelling.delete(id);
    },
    dismiss: (id) => {
      const run = known.get(id);
      if (run === undefined || !isOver(run)) return;
      known.delete(id);
      dismissed.add(id);
    },
    view: () =>
      [...known.values()].map((run) =>
        cancelling.has(run.id) && !isOver(run) ? { ...run, status: 'cancelled' } : run,
      ),
  };
}

function isOver({ status }: Run): boolean {
  return isFinished(status);
}
