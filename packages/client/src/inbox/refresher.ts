import { type Counts, matchesType, type Notification } from '@belfry/protocol';
import { createAlarm } from '../alarm.ts';
import { type Host, onlyQuery } from '../host.ts';
import type { InboxLedger, Journal } from './ledger.ts';

/** One withdrawal reaches everybody at the same moment; their questions about it should not. */
const SPREAD_MS = 2_000;
/** What the counts may already hold and the stream has not brought yet has this long to come. */
const SETTLE_MS = 1_000;

/** Asks the server for the two things that events can't tell: items that came back, and counts of what is not loaded. */
export interface Refresher {
  /** After each event. */
  look(): void;
  stop(): void;
}

export function createRefresher(ledger: InboxLedger, host: Host, touch: () => void): Refresher {
  const { requester, environment, only } = host;
  const alarm = createAlarm(environment);
  let counting: Journal | null = null;

  const endCount = (): void => {
    if (counting !== null) ledger.drop(counting);
    counting = null;
  };

  const fetchItem = async (id: string): Promise<void> => {
    const journal = ledger.ask();
    try {
      const { types, ...query } = onlyQuery(only);
      const item = (await requester.call(`/v1/inbox/${encodeURIComponent(id)}`, { query })) as Notification;
      if (matchesType(only.types, item.type)) ledger.itemsCame(journal, [item]);
    } catch {
      // Gone again, or to be seen after the next start: the counts are right without it.
    }
    ledger.drop(journal);
    touch();
  };

  const recount = async (): Promise<void> => {
    const journal = ledger.ask();
    counting = journal;
    const counts = await requester.call('/v1/inbox/count', { query: onlyQuery(only) }).catch(() => null);
    if (counting !== journal) return;
    // Without an answer the next event asks again.
    if (counts === null) endCount();
    else alarm.set(() => counted(journal, counts as Counts), SETTLE_MS);
  };

  const counted = (journal: Journal, counts: Counts): void => {
    if (ledger.countsCame(journal, counts)) touch();
    endCount();
    look();
  };

  const look = (): void => {
    for (const id of ledger.takeMissing()) void fetchItem(id);
    if (!ledger.areCountsDoubtful() || alarm.isSet() || counting !== null) return;
    alarm.set(recount, SPREAD_MS * environment.random());
  };

  return {
    look,
    stop: () => {
      alarm.clear();
      endCount();
    },
  };
}
