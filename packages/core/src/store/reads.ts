import type {
  Channel,
  Counts,
  DeliveryStatus,
  Grants,
  InboxPage,
  Notification,
  Page,
  Position,
  Question,
  QuestionStatus,
  RecipientStatus,
  Run,
  RunLine,
  RunStatus,
  ServiceNotification,
  Severity,
  TypeFilter,
} from '@belfry/protocol';
import type { AccessRows } from '../entitlement.ts';
import type { LogEvent } from '../log-event.ts';
import type { Reader } from '../principal.ts';
import type { StateParts } from '../state-parts.ts';
import type { Delivery, DeliveryQuery, Webhook, WebhookWork } from '../webhooks/shapes.ts';
import type { ApiKey, Idempotency, Writes } from './writes.ts';

export interface InboxQuery {
  /** `all` and `unread` leave archived items out. */
  filter: 'all' | 'unread' | 'archived';
  types?: TypeFilter;
  severity?: Severity[];
  subject?: { kind: string; id: string };
  /** Only items before this number; null from the newest. */
  before: number | null;
  limit: number;
}

/** What counts are of, besides the reader's types. */
export type CountQuery = Pick<InboxQuery, 'types' | 'severity' | 'subject'>;

export interface NotificationQuery {
  to?: string;
  types?: TypeFilter;
  severity?: Severity[];
  subject?: { kind: string; id: string };
  before: number | null;
  limit: number;
}

export interface QuestionQuery {
  /** Absent: all. */
  statuses?: readonly QuestionStatus[];
  /** Only what was sent to these channels and prefix grants. */
  channels?: readonly string[];
  subject?: { kind: string; id: string };
  before: number | null;
  limit: number;
}

/** A question, and everyone it was sent to. */
export interface AskedQuestion {
  question: Question;
  to: Channel[];
}

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

export interface RunQuery {
  status?: readonly RunStatus[];
  /** As of questions. */
  channels?: readonly string[];
  kind?: string;
  subject?: { kind: string; id: string };
  /** Only runs before this number; null from the newest. */
  before: number | null;
  limit: number;
}

/** Where a page of lines ends: the event that holds the line before `line`, or an earlier one. */
export interface LinesCursor {
  n: number;
  line: number;
}

export interface LinesPage {
  /** In reading order. */
  lines: RunLine[];
  /** Where the page before it ends; null where there is none. */
  earlier: LinesCursor | null;
}

/** A run with the newest of its log, from one moment. */
export interface RunAt extends LinesPage {
  run: Run;
  /** What comes after stands in neither. Of a finished run: the position before the last. */
  at: Position;
  /** The last position of a finished run's log; null of one that goes on. */
  end: Position | null;
}

/** Where a number stands in a log. */
export interface Located {
  head: Position;
  /** The check value there; null past the head, or where retention has deleted the event. `0` at number 0. */
  check: string | null;
  /** The oldest number still kept; head + 1 of an empty log. A resume needs all after its cursor: n + 1 >= oldest. */
  oldest: number;
}

/** Where a log ends. */
export interface Head {
  /** The log's name. */
  tenant: string;
  head: Position;
}

export interface LogPage {
  events: LogEvent[];
  /** All up to here has been judged, whether or not anything matched: the next page starts after it. */
  upTo: number;
}

export interface RecipientQuery {
  tenant: string;
  /** Of a notification. */
  id: string;
  /** Only names after this one. */
  after: string | null;
  /** Names that are looked at. */
  limit: number;
}

export interface RecipientPage {
  recipients: RecipientStatus[];
  /** The last name that was looked at; null where there are no more. */
  last: string | null;
}

export interface RecipientCounts {
  to: Channel[];
  /** How many have it by each channel, by the furthest it came with them. */
  counts: { channel: Channel; status: DeliveryStatus; count: number; error?: string }[];
  last: string | null;
}

/** Who asks: a person by name, null for services. Absent where it is Belfry itself, which nobody's turn goes before. */
interface Asked {
  asker?: string | null;
}

/**
 * Everything that can be asked: by name, what goes in and what comes back. Each is answered from one snapshot. Where logs
 * are read (`locate`, `heads`, `readLog`, `countBehind`), `tenant` is the name of any log, also of a run's.
 */
export interface Reads {
  locate: { in: { tenant: string; n: number } & Asked; out: Located };
  /** Where each of these logs ends, in one query; `{n: 0, check: '0'}` of one that nothing was ever appended to. */
  heads: { in: { tenants: string[] }; out: Head[] };
  /**
   * Events after `after` and up to `upTo` that a reader with these grants may see, in order, by the channel index and
   * not by a scan of the log; at most `limit` and about `maxBytes` of data, but at least one.
   */
  readLog: {
    in: { tenant: string; after: number; upTo: number; grants: Grants; limit: number; maxBytes: number } & Asked;
    out: LogPage;
  };
  /**
   * What a `publish` under this idempotency key gave the first time; null where the key is new. Throws
   * `idempotency_mismatch` where it came with another request.
   */
  firstPublished: {
    in: { tenant: string; idempotency: Idempotency };
    out: Writes['publish']['out'] | null;
  };
  /** How many such events there are after `after`, counted no further than `cap`. */
  countBehind: { in: { tenant: string; after: number; grants: Grants; cap: number } & Asked; out: number };
  /** What the database says about a person's access, and the position that it stands at. */
  access: { in: { reader: Reader }; out: { at: Position; rows: AccessRows } };
  /** Those of one channel by person, or those of one person by channel. `after` is the last name of the page before. */
  memberships: {
    in: { tenant: string; of: { channel: string } | { user: string }; after: string | null; limit: number };
    out: { channel: string; user: string }[];
  };
  /**
   * The newest items with the counts, the questions to answer and those the person has asked, the unfinished runs, each
   * newest first, and the position that all of it stands at. Without `parts`, all of them; one that is left out is empty.
   */
  state: {
    in: { reader: Reader; limit: number; parts?: StateParts };
    out: { at: Position; rows: AccessRows; notifications: InboxPage; questions: Question[]; runs: Run[] };
  };
  /** The same for a service: no inbox of its own, so the newest of what it follows and no counts. */
  serviceState: {
    in: { tenant: string; grants: Grants; types?: TypeFilter; limit: number; parts?: StateParts };
    out: { at: Position; notifications: Page<ServiceNotification>; questions: Question[]; runs: Run[] };
  };
  /** Runs that a reader sees; of all of the tenant's for a service, which is no reader. */
  runs: { in: { tenant: string; reader: Reader | null; query: RunQuery }; out: Page<Run> };
  run: { in: { tenant: string; reader: Reader | null; id: string }; out: Run | null };
  /** The newest lines and the run, from one moment. Null as of `run`. */
  runAt: { in: { tenant: string; reader: Reader | null; id: string; lines: number }; out: RunAt | null };
  /** Lines of a run's log, the newest before `before`: at most `limit`, and about `LIMITS.linesBytes` of text. */
  runLines: { in: { log: string; before: LinesCursor | null; limit: number } & Asked; out: LinesPage };
  /** A run by its id alone, in whatever tenant. */
  runAnywhere: { in: { id: string }; out: Run | null };
  /** The keys that addresses of artifacts are signed with, the newest first. `age` in milliseconds. */
  signingKeys: { in: Record<string, never>; out: { secret: string; age: number }[] };
  inbox: { in: { reader: Reader; query: InboxQuery }; out: InboxPage };
  inboxItem: { in: { reader: Reader; id: string }; out: Notification | null };
  /** The counts of what fits, and the position that they stand at. */
  counts: { in: { reader: Reader; narrow?: CountQuery }; out: Counts & { at: Position } };
  notifications: { in: { tenant: string; query: NotificationQuery }; out: Page<ServiceNotification> };
  notification: { in: { tenant: string; id: string }; out: ServiceNotification | null };
  /** A page of a notification's recipients, by name, with what became of it. Null: there is no such notification. */
  recipients: { in: RecipientQuery; out: RecipientPage | null };
  /** The same, counted. */
  recipientCounts: { in: RecipientQuery; out: RecipientCounts | null };
  /** Null also where the reader was not asked. Without a reader: as services see it. */
  question: { in: { tenant: string; id: string; reader?: Reader }; out: AskedQuestion | null };
  questions: { in: { tenant: string; reader?: Reader; query: QuestionQuery }; out: Page<Question> };
  /** The last position this device acknowledged. */
  acked: { in: { tenant: string; user: string; device: string }; out: Position | null };
  /**
   * The oldest of what is committed, in the order of the calls, without that of some tenants. Only of a store that is
   * `shared`.
   */
  outbox: { in: { limit: number; without: string[] }; out: OutboxRow[] };
  /** How many of them there are, and how many could not be done: counted no further than `cap`. Only of such a store. */
  outboxBacklog: { in: { cap: number }; out: { waiting: number; dead: number } };
  /** Whether there is such a ticket, good or not. */
  hasTicket: { in: { hash: string }; out: boolean };
  keyByHash: { in: { hash: string }; out: ApiKey | null };
  keys: { in: Record<string, never>; out: ApiKey[] };
  /** A tenant's, oldest first. */
  webhooks: { in: { tenant: string }; out: Webhook[] };
  /** Newest first; `nextCursor` is what `before` goes on from. Null: there is no such webhook. */
  deliveries: { in: { tenant: string; webhook: string; query: DeliveryQuery }; out: Page<Delivery> | null };
  /** Deliveries that are due or will be, and those that were given up: of all tenants, counted no further than `cap`. */
  deliveryBacklog: { in: { cap: number }; out: { waiting: number; dead: number } };
  /** Asked every second by every process where there is a webhook, every five where there is none. */
  webhookWork: { in: Record<string, never>; out: WebhookWork };
  /** Throws `unavailable` where the database can't answer, or can't take writes as far as the last ones tell. */
  ping: { in: Record<string, never>; out: null };
}

export type ReadName = keyof Reads;
