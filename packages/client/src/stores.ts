import type { Counts } from '@belfry/protocol';
import type { CountsSnapshot } from './counts.ts';
import type { InboxList, ListFilters } from './inbox/inbox.ts';
import type { Questions } from './questions/questions.ts';
import type { RunFeed } from './runs/run-feed.ts';
import type { Runs } from './runs/runs.ts';
import type { Readable } from './store.ts';
import type { SubjectRef } from './subject.ts';

/** What a client of a person will hold beside the inbox; `list` will be `inbox.list`. Not there yet. */
export interface Stores {
  /** For a badge. */
  readonly counts: Readable<CountsSnapshot & Counts>;
  /** The same filters give the same list. */
  list: (filters?: ListFilters) => InboxList;
  readonly questions: Questions;
  readonly runs: Runs;
  /** The same id gives the same feed. */
  run: (id: string) => RunFeed;
  /** Reads what there is about it, and stops showing what is closed or finished. */
  clear: (subject: SubjectRef) => Promise<boolean>;
}
