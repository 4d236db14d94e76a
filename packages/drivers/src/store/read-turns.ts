import type { ReadName, Reads } from '@belfry/core';
import { READ_ASKERS } from './read-askers.ts';
import { type Asker, Turns } from './turns.ts';

/** Lists look through many items, and everybody's `state` waits behind them. */
const LISTS_AT_ONCE = 2;
const LISTS_WAITING = 16;
const LISTS: ReadonlySet<ReadName> = new Set<ReadName>([
  'inbox',
  'inboxJson',
  'questions',
  'runs',
  'runLines',
  'notifications',
  'recipients',
  'recipientCounts',
]);

/** No tenant is called so. */
const TOGETHER = '*';

/** As many as an engine works on, or has at hand for when it is through with one. */
const AT_ONCE = 4;
/** Pages of a log: what is being followed does not wait behind a storm of whole states. */
const PAGES: ReadonlySet<ReadName> = new Set<ReadName>(['locate', 'readLog']);

/**
 * Lets reads through to the engine. What Belfry itself asks goes at once; all that a caller can ask for waits in turns,
 * so that whoever asks for much, or pages through an inbox, doesn't hold up those who ask once.
 */
export class ReadTurns {
  readonly #lists: Turns;
  readonly #pages: Turns;
  readonly #all: Turns;

  /** @param waitMs how long a read may wait for its turn. */
  constructor(waitMs: number | null) {
    this.#lists = new Turns({ what: 'lists', atOnce: LISTS_AT_ONCE, waitMs });
    this.#pages = new Turns({ what: 'reads', atOnce: AT_ONCE, waitMs });
    this.#all = new Turns({ what: 'reads', atOnce: AT_ONCE, waitMs });
  }

  /** What several have asked: it takes one turn, as if they were a tenant of their own. */
  together<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    return this.#all.run({ tenant: TOGETHER, who: what, most: 1 }, work);
  }

  /** @throws BelfryError as `Turns.run` does, and what the work throws. */
  run<Name extends ReadName, Result>(
    name: Name,
    input: Reads[Name]['in'],
    work: () => Promise<Result>,
  ): Promise<Result> {
    // What is no read at all is for the engine to refuse.
    const asker: Asker | null = READ_ASKERS[name]?.(input) ?? null;
    if (asker === null) return work();
    if (PAGES.has(name)) return this.#pages.run(asker, work);
    if (!LISTS.has(name)) return this.#all.run(asker, work);
    return this.#lists.run({ ...asker, most: LISTS_WAITING }, () => this.#all.run(asker, work));
  }
}
