import { type Counts, matchesType, type Notification } from '@belfry/protocol';
import { type Host, onlyQuery } from '../host.ts';
import type { InboxLedger, Journal } from './ledger.ts';

/** One withdrawal reaches everybody at the same moment; their questions about it should not. */
const SPREAD_MS = 2_000;
/** What the counts may already hold and the stream has not brought yet has this long to come. */
const SETTLE_MS = 1_000;

/** Asks the server for the two things that events can't tell: items that came back, and counts of what is not loaded. */
export class Refresher {
  readonly #ledger: InboxLedger;
  readonly #host: Host;
  readonly #touch: () => void;
  #cancel: (() => void) | null = null;
  #counting: Journal | null = null;

  constructor(ledger: InboxLedger, host: Host, touch: () => void) {
    this.#ledger = ledger;
    this.#host = host;
    this.#touch = touch;
  }

  /** After each event. */
  look(): void {
    for (const id of this.#ledger.takeMissing()) void this.#fetchItem(id);
    if (!this.#ledger.countsDoubtful || this.#cancel !== null || this.#counting !== null) return;
    this.#wait(SPREAD_MS * this.#host.environment.random(), () => void this.#recount());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#endCount();
  }

  #wait(ms: number, run: () => void): void {
    this.#cancel = this.#host.environment.setTimer(() => {
      this.#cancel = null;
      run();
    }, ms);
  }

  #endCount(): void {
    if (this.#counting !== null) this.#ledger.drop(this.#counting);
    this.#counting = null;
  }

  async #fetchItem(id: string): Promise<void> {
    const journal = this.#ledger.ask();
    try {
      const { types, ...query } = onlyQuery(this.#host.only);
      const item = (await this.#host.requester.call(`/v1/inbox/${encodeURIComponent(id)}`, { query })) as Notification;
      if (matchesType(this.#host.only.types, item.type)) this.#ledger.itemCame(journal, item);
      else this.#ledger.drop(journal);
    } catch {
      // Gone again, or to be seen after the next start: the counts are right without it.
      this.#ledger.drop(journal);
    }
    this.#touch();
  }

  async #recount(): Promise<void> {
    const journal = this.#ledger.ask();
    this.#counting = journal;
    const query = onlyQuery(this.#host.only);
    try {
      const counts = (await this.#host.requester.call('/v1/inbox/count', { query })) as Counts;
      if (this.#counting === journal) this.#wait(SETTLE_MS, () => this.#counted(journal, counts));
    } catch {
      // The next event asks again.
      if (this.#counting === journal) this.#endCount();
    }
  }

  #counted(journal: Journal, counts: Counts): void {
    if (this.#ledger.countsCame(journal, counts)) this.#touch();
    this.#endCount();
    this.look();
  }
}
