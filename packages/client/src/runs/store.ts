import { type EventEnvelope, isFinished, type Run, type StateFrame } from '@belfry/protocol';
import { Deeds } from '../deeds.ts';
import type { Host, Part } from '../host.ts';
import { selectFrom } from '../select.ts';
import { createStore, type Readable, type Store } from '../store.ts';
import { isAbout, newestFirst, type SubjectRef } from '../subject.ts';
import { RunLedger } from './ledger.ts';
import type { Runs, RunsSnapshot } from './runs.ts';

/** After a long absence. Further ones are left out: a client that comes back must not ask for hundreds. */
const MOST_ENDS = 20;

/** The runs of a client. It is to be made before the client starts. */
export function runsOf({ host }: { host: Host }): Runs {
  const store = new RunStore(host);
  host.add(store);
  return store;
}

class RunStore implements Runs, Part {
  readonly family = 'run.*';
  declare readonly subscribe: Store<RunsSnapshot>['subscribe'];
  declare readonly getSnapshot: Store<RunsSnapshot>['getSnapshot'];
  declare readonly touch: () => void;
  readonly #host: Host;
  readonly #deeds: Deeds;
  readonly #ledger = new RunLedger();

  constructor(host: Host) {
    this.#host = host;
    const store = createStore(() => this.#derive(), host.environment.report);
    this.subscribe = store.subscribe;
    this.getSnapshot = store.getSnapshot;
    this.touch = store.touch;
    this.#deeds = new Deeds(host, this.touch);
  }

  cancel = async (id: string): Promise<boolean> => {
    if (!this.#deeds.allowed()) return false;
    this.#ledger.cancel(id);
    this.touch();
    try {
      this.#ledger.put(await this.#deeds.post<Run>(`/v1/runs/${encodeURIComponent(id)}/cancel`));
      return true;
    } catch (error) {
      this.#deeds.fail(error);
      return false;
    } finally {
      this.#ledger.cancelEnded(id);
      this.touch();
    }
  };

  dismiss = (id: string): void => {
    this.#ledger.dismiss(id);
    this.touch();
  };

  about = (subject: SubjectRef): Readable<RunsSnapshot> => {
    const fits = isAbout(subject);
    return selectFrom([this], (all) => {
      const items = all.items.filter(fits);
      return { ...all, items, active: activeOf(items) };
    });
  };

  stateCame(state: StateFrame): void {
    const gone = this.#ledger.stateCame(state);
    for (const id of gone.slice(0, MOST_ENDS)) void this.#lookHowItEnded(id);
    this.touch();
  }

  take({ type, data }: EventEnvelope): void {
    if (!type.startsWith('run.')) return;
    this.#ledger.put((data as unknown as { run: Run }).run);
    this.touch();
  }

  async #lookHowItEnded(id: string): Promise<void> {
    // Not seen any more, or the server is away: then it stays out.
    const run = await this.#host.requester.call(`/v1/runs/${encodeURIComponent(id)}`, {}).catch(() => null);
    if (run === null) return;
    this.#ledger.ended(run as Run);
    this.touch();
  }

  #derive(): RunsSnapshot {
    const items = newestFirst(this.#ledger.view());
    return {
      items,
      active: activeOf(items),
      ...this.#deeds.shown(),
      loading: !this.#ledger.ready,
    };
  }
}

function activeOf(items: readonly Run[]): number {
  return items.filter(({ status }) => !isFinished(status)).length;
}
