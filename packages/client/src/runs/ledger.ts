import { isFinished, type Run, type StateFrame } from '@belfry/protocol';

/** What the log has told of runs, and the cancelling asked for here. No requests, no clock. */
export class RunLedger {
  #known = new Map<string, Run>();
  readonly #cancelling = new Set<string>();
  /** Since the last state: an event from before its end, which the word of a cancelling overtook, brings none back. */
  readonly #dismissed = new Set<string>();
  ready = false;

  /** Answers the runs that were under way and are not in this state: nobody has told how they ended. */
  stateCame({ runs }: StateFrame): string[] {
    const now = new Set(runs.map(({ id }) => id));
    const gone = [...this.#known.values()].filter(({ id }) => !now.has(id));
    const finished = gone.filter(({ status }) => isFinished(status));
    this.#known = new Map([...finished, ...runs].map((run) => [run.id, run]));
    this.#dismissed.clear();
    this.ready = true;
    return gone.filter((run) => !finished.includes(run)).map(({ id }) => id);
  }

  /** From an event, or from the answer to a call, which may be ahead of the events: what has finished stays so. */
  put(run: Run): void {
    if (this.#dismissed.has(run.id)) return;
    const last = this.#known.get(run.id);
    if (last !== undefined && isFinished(last.status) && !isFinished(run.status)) return;
    // Of one that ended before it was ever here there is no news.
    if (last === undefined && isFinished(run.status)) return;
    this.#known.set(run.id, run);
  }

  /** How a run ended that was here before. */
  ended(run: Run): void {
    if (!this.#known.has(run.id)) this.#known.set(run.id, run);
  }

  cancel(id: string): void {
    this.#cancelling.add(id);
  }

  cancelEnded(id: string): void {
    this.#cancelling.delete(id);
  }

  dismiss(id: string): void {
    const run = this.#known.get(id);
    if (run === undefined || !isFinished(run.status)) return;
    this.#known.delete(id);
    this.#dismissed.add(id);
  }

  view(): Run[] {
    return [...this.#known.values()].map((run) => this.#shown(run));
  }

  #shown(run: Run): Run {
    return this.#cancelling.has(run.id) && !isFinished(run.status) ? { ...run, status: 'cancelled' } : run;
  }
}
