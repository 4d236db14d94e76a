import type { Committed, Idempotency } from './commit.ts';
import type { ReadName, Reads } from './reads.ts';
import type { WriteName, Writes } from './writes.ts';

/**
 * A durable database of logs, inboxes and what belongs to them. The contract suite in `@belfry/contract-tests` says
 * in full what an engine must do; in short:
 *
 * - A resolved `commit` is on disk. Numbers of a log are gapless and given in commit order; commits of one tenant
 *   resolve in that order.
 * - Concurrent commits are gathered into one transaction without waiting for more, and a member that fails leaves
 *   its neighbours alone.
 * - A `read` begun after a `commit` resolved sees it.
 * - Refusals are BelfryErrors; an engine that can't answer throws `unavailable`.
 */
export interface Store {
  /** Names this database. A new one, or one that lost its data, has another. */
  readonly epoch: string;
  /** Names this copy of it: a dump or a clone has the same epoch and another place. Lower-case letters and digits. */
  readonly place: string;
  /**
   * Whether other processes may append to this database. Then a hub asks it for the heads of the logs it follows, since
   * nothing else is sure to tell; where it is false, an idle stream costs no query.
   */
  readonly shared: boolean;
  commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>>;
  read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<Reads[Name]['out']>;
  /** Finishes what is under way, then lets go of files and threads. Further calls throw `unavailable`. */
  close(): Promise<void>;
}
