import { isFinished, type Run } from '@belfry/protocol';
import { createDeeds } from '../deeds.ts';
import type { Host } from '../host.ts';
import { pathOf } from '../run-stream/path.ts';
import { selectFrom } from '../select.ts';
import { createStore } from '../store.ts';
import { isAbout, newestFirst } from '../subject.ts';
import { createRunLedger } from './ledger.ts';
import type { Runs, RunsSnapshot } from './runs.ts';

/** After a long absence. Further ones are left out: a client that comes back must not ask for hundreds. */
const MOST_ENDS = 20;

/** The runs of a client. It is to be made before the client starts. */
export function runsOf({ host }: { host: Host }): Runs {
  let ledger = createRunLedger();
  const { subscribe, getSnapshot, touch } = createStore<RunsSnapshot>(() => {
    const items = newestFirst(ledger.view());
    return { items, active: activeOf(items), ...deeds.shown(), loading: !ledger.isReady() };
  }, host.environment.report);
  const deeds = createDeeds(host, touch);

  const lookHowItEnded = async (id: string): Promise<void> => {
    // Not seen any more, or the server is away: then it stays out.
    const run = await host.requester.call(pathOf(id)).catch(() => null);
    if (run === null) return;
    ledger.ended(run as Run);
    touch();
  };

  host.add({
    family: 'run.*',
    stateCame: (state) => {
      for (const id of ledger.stateCame(state).slice(0, MOST_ENDS)) void lookHowItEnded(id);
      touch();
    },
    take: ({ type, data }) => {
      if (!type.startsWith('run.')) return;
      ledger.put((data as unknown as { run: Run }).run);
      touch();
    },
    touch,
    reset: () => {
      ledger = createRunLedger();
      deeds.forgive();
      touch();
    },
  });

  return {
    subscribe,
    getSnapshot,
    cancel: async (id) => {
      if (!deeds.allowed()) return false;
      ledger.cancel(id);
      touch();
      return deeds.tried(async () => {
        try {
          ledger.put((await deeds.post(`${pathOf(id)}/cancel`)) as Run);
          return true;
        } finally {
          ledger.cancelEnded(id);
        }
      }, false);
    },
    dismiss: (id) => {
      ledger.dismiss(id);
      touch();
    },
    about: (subject) => {
      const fits = isAbout(subject);
      return selectFrom([{ subscribe, getSnapshot }], (all) => {
        const items = all.items.filter(fits);
        return { ...all, items, active: activeOf(items) };
      });
    },
  };
}

function activeOf(items: readonly Run[]): number {
  return items.filter(({ status }) => !isFinished(status)).length;
}
