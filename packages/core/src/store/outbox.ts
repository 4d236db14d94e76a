import type { Channel } from '@belfry/protocol';
import type { AccessWrites } from './access.ts';
import type { NotificationDraft } from './notifications.ts';
import type { QuestionWrites } from './questions.ts';
import type { RunWrites } from './runs.ts';

/** A call by SQL: `belfry.notify`, `publish`, and the others by their own names. */
export type OutboxKind =
  | 'notification'
  | 'event'
  | 'ask'
  | 'answer'
  | 'cancel'
  | 'run'
  | 'run_update'
  | 'run_log'
  | 'grant'
  | 'revoke';

/** What an application's own transaction has called by SQL, and no relay has taken yet. */
export interface OutboxRow {
  id: number;
  tenant: string;
  kind: OutboxKind;
  /** JSON text: what HTTP would have had as its body, and an `id`. */
  body: string;
}

type Callable = QuestionWrites & RunWrites & AccessWrites;

/** The writes that SQL may call, each with what HTTP gives it. */
type CalledBySql = 'ask' | 'answer' | 'cancelQuestion' | 'createRun' | 'changeRun' | 'appendLines' | 'grant' | 'revoke';

export type RelayedCall = { [Name in CalledBySql]: { name: Name; input: Callable[Name]['in'] } }[CalledBySql];

/** An outbox row with what is to become of it. `reason`: it can't be delivered, and is kept as a dead letter. */
export type Relayed = { id: number } & (
  | { draft: NotificationDraft }
  | { event: { to: Channel[]; type: string; data: string } }
  | { call: RelayedCall }
  | { reason: string }
);

export interface OutboxWrites {
  /**
   * Takes these rows out of the outbox and does what they say, in their order and in one step. Rows that are gone are
   * passed over. What is refused, as an answer to a question that has one, is a dead letter with the reason, and the
   * others go on. `letters`: the reasons of all that became one.
   */
  relay: { in: { tenant: string; rows: Relayed[] }; out: { letters: string[] } };
  /**
   * Makes dead letters of rows by no log: of a tenant that can't be, there is none. `letters`: how many, as rows that are
   * gone are passed over.
   */
  letOutboxDie: { in: { rows: number[]; reason: string }; out: { letters: number } };
}

export interface OutboxReads {
  /**
   * The oldest of what is committed, in the order of the calls, without that of some tenants. Only of a store that is
   * `shared`.
   */
  outbox: { in: { limit: number; without: string[] }; out: OutboxRow[] };
  /** How many of them there are, and how many could not be done: counted no further than `cap`. Only of such a store. */
  outboxBacklog: { in: { cap: number }; out: { waiting: number; dead: number } };
}
