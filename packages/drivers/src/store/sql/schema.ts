import type { OutboxKind, WebhookDeliveryStatus } from '@belfry/core';
import type { RunStatus } from '@belfry/protocol';
import type { Generated } from 'kysely';

/**
 * The tables of every SQL engine. Times are milliseconds since 1970, lists and objects are JSON text, numbers of a log
 * are its `n`. What may be absent is null.
 */
export interface Tables {
  /** `epoch` and `schema`. */
  meta: { key: string; value: string };
  /** Names of logs, of tenants and of runs (`<tenant>/<run id>`), interned: every other table has this small number. */
  logs: { id: Generated<number>; tenant: string };
  events: EventRow;
  /** Only where the dialect keeps long data apart. Deleted together with the event. */
  event_texts: { log: number; n: number; data: string };
  /**
   * Finds a reader's events without a scan of the log. Deleted together with the event. An event that brought an item
   * which is still there is found by `addressed` instead.
   */
  event_channels: { log: number; channel: string; n: number };
  notifications: NotificationRow;
  /** The same of items, for their lists too: they outlive their events. */
  addressed: { log: number; channel: string; n: number };
  questions: QuestionRow;
  /** The same for lists of questions. */
  question_channels: { log: number; channel: string; n: number };
  /** The same, of those that are open: what `state` looks for among all that were ever asked. */
  open_questions: { log: number; channel: string; n: number };
  /** Open questions that a run waits for. */
  run_questions: { log: number; run: string; n: number };
  marks: MarkRow;
  watermarks: WatermarkRow;
  /** What the makers of a person's watermarks held: Grants as JSON, once however many watermarks name them. */
  watermark_scopes: { log: number; person: string; scope: string; grants: string };
  /** Given by name. `n` is the event that says so. */
  memberships: { log: number; person: string; channel: string; n: number };
  /** Taken by name, or from everybody where `person` is empty. */
  revocations: { log: number; person: string; channel: string; n: number; at: number };
  /** The last `access.invalidated` of each person. */
  invalidations: { log: number; person: string; n: number };
  /** Everyone who ever connected, the hash of what they held when they last did, and up to where they were sent the log. */
  people: { log: number; person: string; scope: string; sent_n: number };
  /** The topics and roles that they hold, prefixes with their star, and after `!` what was taken from under these. */
  people_channels: { log: number; channel: string; person: string };
  /** Who has an unfiltered stream open, in which process. */
  streams: { log: number; person: string; process: string };
  /** How far the live streams of a process were served. */
  reached: { log: number; process: string; n: number; at: number };
  fallbacks: FallbackRow;
  idempotency: { log: number; key: string; fingerprint: string; result: string; created_at: number };
  tickets: TicketRow;
  api_keys: { id: string; hash: string; name: string; scopes: string; tenant: string | null; created_at: string };
  /** Both only where SQL may publish. */
  outbox: { id: Generated<number>; tenant: string; kind: OutboxKind; body: string };
  dead_letters: { id: Generated<number>; tenant: string | null; kind: string; body: string | null; reason: string };
  webhooks: WebhookRow;
  webhook_deliveries: DeliveryRow;
  runs: RunRow;
  /** Finds a reader's runs. Deleted together with the run. */
  run_channels: { log: number; channel: string; n: number; is_open: number };
  run_tails: RunTailRow;
  run_sizes: RunSizeRow;
  /** What the logs of a tenant's runs hold together: the sum of their sizes. */
  run_totals: { tenant: number; bytes: number };
  /** They sign the addresses of artifacts. */
  signing_keys: { secret: string; created_at: number };
  acks: { log: number; person: string; device: string; n: number; check_value: string; at: number };
}

/** What a row of a table that finds something by its channels is told from all others by. */
export const CHANNEL_KEY = ['log', 'channel', 'n'];

export interface EventRow {
  log: number;
  n: number;
  check_value: string;
  type: string;
  time: number;
  /** JSON array of channels, in the sender's order. */
  recipients: string;
  /**
   * Empty: it is made of the notification that the event brought (`notification-data.ts`). Or it stands in `event_texts`
   * (`long-data.ts`).
   */
  data: string;
  bytes: number;
  /** Bytes of the log up to and with this event, ever: the difference of two is what lies between them. */
  total_bytes: number;
}

/** A notification that is neither withdrawn nor swept after its expiry. `n` is the number of its creation. */
export interface NotificationRow {
  log: number;
  n: number;
  id: string;
  type: string;
  severity: string;
  subject_kind: string | null;
  subject_id: string | null;
  /** Never falls as `n` rises. */
  created_at: number;
  expires_at: number | null;
  dedupe_key: string | null;
  recipients: string;
  /** NotificationContent as JSON. */
  content: string;
}

/** `n` and `check_value` are of the event that opened it. */
export interface QuestionRow {
  log: number;
  n: number;
  check_value: string;
  id: string;
  status: 'open' | 'answered' | 'expired' | 'cancelled';
  answer_by: 'person' | 'service';
  /** The person who asked; null where a service did. */
  asker: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  expires_at: number | null;
  recipients: string;
  /** Answer as JSON. */
  answer: string | null;
  /** What never changes but by an edit: the rest of the Question as JSON. */
  content: string;
  /** Null while it is open. */
  closed_at: number | null;
}

/** What one person did with one item. Where it exists it is the whole truth, whatever the watermarks say. */
export interface MarkRow {
  log: number;
  person: string;
  n: number;
  seen_at: number | null;
  read_at: number | null;
  archived_at: number | null;
}

/**
 * What its maker could see up to `n`, of types that match `pattern`, was marked at `at`, unless a MarkRow says else: items
 * to the person by name if the scope's grants hold that channel, and from `shared_from` on those by any other of them.
 */
export interface WatermarkRow {
  log: number;
  person: string;
  mark: 'seen' | 'read' | 'archived';
  pattern: string;
  /** A short hash of the maker's grants, which `watermark_scopes` has in full. Empty: everything. */
  scope: string;
  n: number;
  shared_from: number;
  at: number;
}

/** What becomes of a notification that is not seen, or read, in time. */
export interface FallbackRow {
  log: number;
  n: number;
  until: 'seen' | 'read';
  /** Null: it is done. */
  due_at: number | null;
  /** Everyone up to this name has been looked at. */
  after: string;
  /** Why it could not be done. */
  error: string | null;
}

/** `log` is the tenant's, `n` the number of its creation there. */
export interface RunRow {
  log: number;
  n: number;
  id: string;
  kind: string;
  status: RunStatus;
  /** 1 until it is finished. */
  is_open: number;
  subject_kind: string | null;
  subject_id: string | null;
  recipients: string;
  /** Run as JSON. */
  content: string;
  /** Null until it is finished. */
  closed_at: number | null;
}

/** What each write of a run's own log reads and moves; changed only by who holds that log. */
export interface RunTailRow {
  log: number;
  line_count: number;
  /** 1: the run has finished, and nothing is appended any more. */
  is_sealed: number;
  timeout_ms: number | null;
  /** When it becomes interrupted; null: never, or not before it has left the queue. */
  due: number | null;
}

/** How much of a run's own log may be deleted, as it was counted last. */
export interface RunSizeRow {
  log: number;
  /** The number of its tenant's log. */
  tenant: number;
  /** Without its newest event, which stays. */
  bytes: number;
  is_open: number;
  /** When it finished; of an unfinished one the time of the oldest event that is kept. */
  at: number;
}

export interface TicketRow {
  hash: string;
  person: string;
  unused_until: number;
  expires_at: number | null;
  access: string | null;
  used_at: number | null;
  /** The number of the process with a stream that holds it; 0: none. */
  held: number;
  ended_at: number | null;
}

export interface WebhookRow {
  id: string;
  log: number;
  url: string;
  /** JSON array of patterns. */
  events: string;
  secret: string;
  /** Those before it that still sign, newest first: a JSON array of `{secret, until}`. */
  old_secrets: string;
  /** How far it has come in its log: all up to here that it wants has become deliveries. */
  n: number;
  /** Events that were deleted before it came to them. */
  missed: number;
  created_at: number;
}

export interface DeliveryRow {
  /** In the order in which they were made. */
  number: Generated<number>;
  id: string;
  webhook: string;
  /** Of the event that it carries; null where it carries something else. */
  n: number | null;
  type: string;
  body: string;
  status: WebhookDeliveryStatus;
  /** While it is pending: when it is due or, being sent, when it may be claimed again. After that: when it ended. */
  at: number;
  attempts: number;
  /** Grows with each claim and never falls: what comes of an earlier one is not taken. */
  claim: number;
  error: string | null;
  created_at: number;
}
