import { clear } from './clear.ts';
import { type BelfryOptions, type Client, createClient } from './client.ts';
import { type CountsSnapshot, countsOf } from './counts.ts';
import type { Inbox } from './inbox/inbox.ts';
import { inboxOf } from './inbox/store.ts';
import type { Questions } from './questions/questions.ts';
import { questionsOf } from './questions/store.ts';
import { runFeedsOf } from './runs/feeds.ts';
import type { RunFeed } from './runs/run-feed.ts';
import type { Runs } from './runs/runs.ts';
import { runsOf } from './runs/store.ts';
import type { Readable } from './store.ts';
import type { SubjectRef } from './subject.ts';

/** A client with all of its stores. `Events` are the app's own, as `interface Events { 'build.finished': { id: string } }`. */
export interface Belfry<Events = Record<never, never>> extends Client<Events> {
  readonly inbox: Inbox;
  readonly questions: Questions;
  readonly runs: Runs;
  /** For a badge. */
  readonly counts: Readable<CountsSnapshot>;
  /** One run with its log. The same id gives the same feed, while somebody uses it. */
  run: (id: string) => RunFeed;
  /** Reads what the inbox has about one thing, and stops showing what is closed or finished of it. */
  clear: (subject: SubjectRef) => Promise<boolean>;
}

/**
 * A client of one principal. It does nothing, and touches no global, until `start()`.
 *
 * @throws BelfryError `invalid` for a `url` that can't be one.
 */
export function createBelfry<Events = Record<never, never>>(options: BelfryOptions): Belfry<Events> {
  const client = createClient<Events>(options);
  const stores = { inbox: inboxOf(client), questions: questionsOf(client), runs: runsOf(client) };
  return Object.assign(client, {
    ...stores,
    counts: countsOf(stores.inbox, stores.questions, stores.runs),
    run: runFeedsOf(client),
    clear: (subject: SubjectRef) => clear(client.host, stores, subject),
  });
}
