import type {
  Action,
  Actor,
  Answer,
  Channel,
  Grants,
  Json,
  Mark,
  NotificationContent,
  Question,
  Run,
  ServiceNotification,
  Severity,
  Subject,
  TypeFilter,
} from '@belfry/protocol';
import type { LogEvent } from '../log-event.ts';
import type { Person, Reader, Scope } from '../principal.ts';
import type { Room } from '../webhooks/lanes.ts';
import type { ClaimedDelivery, Delivery, DeliveryOutcome, Webhook } from '../webhooks/shapes.ts';

/** A notification before the log has given it a number and a time. Every field is set; absent is null. */
export interface NotificationDraft {
  id: string;
  to: Channel[];
  type: string;
  title: string;
  body: string | null;
  actionUrl: string | null;
  actions: Action[];
  actor: Actor | null;
  icon: string | null;
  severity: Severity;
  subject: Subject | null;
  data: Json;
  dedupeKey: string | null;
  /** RFC 3339, in the future. */
  expiresAt: string | null;
  /** What happens where it is not seen, or read, in time. */
  fallback?: Fallback | null;
}

export interface Fallback {
  afterSeconds: number;
  until: 'seen' | 'read';
}

/** What may be edited later. An absent field stays as it is. */
export type NotificationPatch = Partial<
  Pick<
    NotificationContent,
    'title' | 'body' | 'actionUrl' | 'actions' | 'actor' | 'icon' | 'severity' | 'subject' | 'data' | 'expiresAt'
  >
>;

/** A question before the log has given it its times. Of the two ways to say when it ends, at most one is set. */
export interface QuestionDraft extends Omit<Question, 'status' | 'answer' | 'createdAt'> {
  to: Channel[];
  /** Counted from the store's clock, and not kept. */
  expiresInMs: number | null;
}

/** What may be edited while it is open. An absent field stays as it is. */
export type QuestionPatch = Partial<
  Pick<Question, 'message' | 'description' | 'subject' | 'assignee' | 'data' | 'expiresAt'>
> & { expiresInMs?: number };
/** A run before the log has given it a time. Every field is set; absent is null. */
export interface RunDraft extends Pick<Run, 'id' | 'kind' | 'title' | 'subject' | 'data'> {
  to: Channel[];
  /** Silent for longer once it has left the queue, it becomes `interrupted`. Milliseconds; null: never. */
  timeoutMs: number | null;
}

/** What its reporter says of it. An absent field stays as it is. */
export type RunChange = Partial<Pick<Run, 'status' | 'progress' | 'message' | 'result' | 'artifacts'>> &
  Partial<Pick<RunDraft, 'timeoutMs'>>;

/** A line that has no number yet. `time` null: when it is stored. */
export interface NewRunLine {
  text: string;
  level: string;
  time: string | null;
}

/** The same key again within 24 h gives the first result; with another fingerprint it is a mismatch. */
export interface Idempotency {
  key: string;
  /** A hash of caller, method, path and body. */
  fingerprint: string;
}

export interface ApiKey {
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** Null: every tenant. */
  tenant: string | null;
  createdAt: string;
}

/** The writes that SQL may call, each with what HTTP gives it. */
type CalledBySql = 'ask' | 'answer' | 'cancelQuestion' | 'createRun' | 'changeRun' | 'appendLines' | 'grant' | 'revoke';
export type RelayedCall = { [Name in CalledBySql]: { name: Name; input: Writes[Name]['in'] } }[CalledBySql];

/** An outbox row with what is to become of it. `reason`: it can't be delivered, and is kept as a dead letter. */
export type Relayed = { id: number } & (
  | { draft: NotificationDraft }
  | { event: { to: Channel[]; type: string; data: string } }
  | { call: RelayedCall }
  | { reason: string }
);

/** What happened with one person's streams in one process since it was last told. */
export interface PersonSeen {
  tenant: string;
  user: string;
  /** What they hold. Null: as before. */
  grants: Grants | null;
  /** Live streams of theirs in that process. */
  open: number;
  /** All up to this number was sent to them; 0: nothing more. */
  sent: number;
}

/** Why a ticket does not open a stream. */
export type TicketRefusal = 'unknown' | 'expired' | 'in_use' | 'spent';

/**
 * Everything that changes the database: by name, what goes in and what comes back. Each is one atomic step; it
 * happens as a whole or throws a BelfryError and leaves nothing. All of it is plain data.
 */
export interface Writes {
  /** Appends `notification.created` for each draft, `notification.withdrawn` before it where `dedupeKey` says so. */
  publish: { in: { tenant: string; drafts: NotificationDraft[] }; out: { notifications: ServiceNotification[] } };
  /** Appends an app's own event. `data` is JSON text. */
  emit: { in: { tenant: string; to: Channel[]; type: string; data: string }; out: { cursor: string } };
  /**
   * Takes these rows out of the outbox and does what they say, in their order and in one step. Rows that are gone are
   * passed over. What is refused, as an answer to a question that has one, is a dead letter with the reason, and the
   * others go on. `letters`: the reasons of all that became one.
   */
  relay: { in: { tenant: string; rows: Relayed[] }; out: { letters: string[] } };
  /** `not_found` where there is none, or it is withdrawn or expired. */
  edit: { in: { tenant: string; id: string; patch: NotificationPatch }; out: { notification: ServiceNotification } };
  withdraw: { in: { tenant: string; id: string }; out: null };
  /**
   * Marks items by id and appends one `notification.state` to the person's own channel, if anything changed.
   * Ids that are not theirs are skipped; `not_found` where none is. `read` and `archived` imply seen.
   */
  mark: { in: { reader: Reader; ids: string[]; mark: Mark }; out: null };
  /**
   * Marks everything of theirs up to a number (null: the head at commit), of `types` if given, as a watermark.
   * Appends one `notification.state` with `upTo`.
   */
  markUpTo: {
    in: { reader: Reader; mark: 'seen' | 'read' | 'archived'; upTo: number | null; types: TypeFilter | null };
    out: null;
  };
  /** Gives a channel or a `topic:` prefix and appends `access.granted`, unless it is held by membership already. */
  grant: { in: { tenant: string; user: string; channel: string }; out: null };
  /** Takes it, also from tokens issued before, and appends `access.revoked`. */
  revoke: { in: { tenant: string; user: string; channel: string }; out: null };
  /** Appends `access.invalidated`: an app's own answer about this person counts only if begun after it. */
  invalidate: { in: { tenant: string; user: string }; out: null };
  /** Takes a channel from everybody, and tells all who held it. */
  revokeChannel: { in: { tenant: string; channel: string }; out: null };
  /** Remembers how far a device has come. Only ever forward; at most 32 devices a person, the stalest goes. */
  ack: { in: { tenant: string; user: string; device: string; n: number }; out: null };
  /** Who came and went in a process, and how far its live streams were served. Belongs to several tenants. */
  presence: {
    in: { process: string; people: PersonSeen[]; reached: { tenant: string; n: number }[] };
    out: null;
  };
  /**
   * Hands who has not seen a notification in time to webhooks: one step of each of at most `limit` that are due.
   * `nextInMs` as of `expire`.
   */
  fallBack: { in: { limit: number }; out: { done: number; nextInMs: number | null } };
  /**
   * Appends `question.opened`. `invalid` where it would have ended already, and for a `run` that is not there or that the
   * person who asks, the `reader`, does not see. While a service's question about a run is open, the run is
   * `input_required`; it is `running` again once the last such question is closed, unless it says something else by then.
   */
  ask: { in: { tenant: string; draft: QuestionDraft; reader?: Reader }; out: { question: Question } };
  /**
   * The first answer, and `question.answered`. Without a `reader` it is a service's, or with `vouched` a person's by the
   * word of their application, and then nobody looks whether they were asked. `not_found` where the reader was not
   * asked, `forbidden` for the wrong kind of answerer, `invalid` off schema, `already_answered` with the answer that
   * was first, `expired` past its time by the store's clock and once cancelled.
   */
  answer: {
    in: {
      tenant: string;
      id: string;
      reader?: Reader;
      vouched?: true;
      by: Answer['by'];
      action: Answer['action'];
      /** Null where it is declined. */
      content: Json;
    };
    out: { question: Question };
  };
  /** Refuses as `answer` does what is no longer open. */
  editQuestion: { in: { tenant: string; id: string; patch: QuestionPatch }; out: { question: Question } };
  /** By a service, or by the person who asked. Once cancelled it stays so, and nothing is appended. */
  cancelQuestion: { in: { tenant: string; id: string; reader?: Reader }; out: { question: Question } };
  /** Appends `run.created` to the tenant's log, and makes the run's own. Runs are given with artifacts as they were sent. */
  createRun: { in: { tenant: string; draft: RunDraft }; out: { run: Run } };
  /**
   * Appends `run.updated`, or `run.finished`, to the tenant's log and in the same step to the run's own, which nothing
   * is appended to once it is finished. `not_found` where there is none, or a `reader` can't see it; `run_finished`;
   * `invalid` for a status that it can't go to.
   */
  changeRun: {
    in: { tenant: string; id: string; change: RunChange; reader: Reader | null };
    out: { run: Run };
  };
  /**
   * Gives the lines the next numbers and appends them as one `run.log` to the run's own log; `log` is its name, by
   * `logName`. `not_found`, `run_finished`.
   */
  appendLines: { in: { log: string; lines: NewRunLine[] }; out: { cursor: string } };
  /** Appends an app's own event to a run's own log. `data` is JSON text. `not_found`, `run_finished`. */
  emitInRun: { in: { log: string; type: string; data: string }; out: { cursor: string } };
  /** Its reporter is there. So says every other write of the run. `not_found`, `run_finished`. */
  beat: { in: { log: string }; out: null };
  /** Keeps a key that signs the addresses of artifacts, and forgets those older than `maxAgeMs`. */
  addSigningKey: { in: { secret: string; maxAgeMs: number }; out: null };
  /**
   * Withdraws notifications and ends questions that have passed their `expiresAt`, and interrupts runs whose reporter
   * has been silent for too long, in every tenant, at most `limit` of each; all count. `nextInMs`: where nothing was due,
   * when the first will be, unless something is committed until then; null where there is nothing yet.
   */
  expire: { in: { limit: number }; out: { expired: number; nextInMs: number | null } };
  /**
   * Deletes events older than `maxAgeMs`, then the oldest until the log of a tenant is under `maxBytes`; always keeps
   * each log's newest. At most `limit` a call. Also drops idempotency keys after 24 h,
   * dead tickets, and webhook deliveries: delivered ones after 3 days, given up ones after 30, those of removed webhooks
   * at once. At most `limit` of each; all of it counts as deleted. Webhooks that had not come to an event go on after it:
   * `missed` says how often that was. With `logs` it looks at so many of them, those after `after`, and does the rest
   * with the last: `next` is what to go on after, null where that was all.
   */
  retain: {
    in: { maxAgeMs: number; maxBytes: number; limit: number; logs?: { after: number; limit: number } };
    out: { deleted: number; missed: number; next: number | null };
  };
  /**
   * Withdraws items that are older than `inboxMs`, or that a tenant has beyond `inboxItems`, the oldest first; deletes
   * closed questions, and finished runs with their logs, that were made more than `closedMs` ago. At most `limit`.
   */
  forget: {
    in: { inboxMs: number; inboxItems: number; closedMs: number; limit: number };
    out: { forgotten: number };
  };
  /** `hash` is the SHA-256 of the ticket, hex. Unused it ends after `unusedMs`, used at `expiresAt` (null: never). */
  issueTicket: {
    in: { hash: string; person: Person; unusedMs: number; expiresAt: number | null };
    /** By the clock that also judges its use. */
    out: { unusedUntil: number };
  };
  /**
   * Takes the ticket for one stream. Its first use needs nothing; a later one needs `resuming` (a Last-Event-ID),
   * that no stream holds it, and that its last stream ended less than `TICKET_GRACE_MS` ago.
   */
  claimTicket: {
    in: { hash: string; resuming: boolean };
    out: { person: Person; access: string | null } | { refused: TicketRefusal };
  };
  /** The stream has started: what its access hash was, so that a reconnect can be compared. */
  rememberTicket: { in: { hash: string; access: string }; out: null };
  /** The stream that held it has ended. `unused`: there was none in the end, so that a first use is undone. */
  releaseTicket: { in: { hash: string; unused: boolean }; out: null };
  addKey: { in: { key: ApiKey; hash: string }; out: null };
  /** `not_found` where there is none. */
  removeKey: { in: { id: string }; out: null };
  /** It begins at the head of the log. `invalid` where the tenant has as many as it may. */
  addWebhook: {
    in: { tenant: string; id: string; url: string; events: string[]; secret: string };
    out: { webhook: Webhook };
  };
  /**
   * Deliveries that are claimed from now on are signed with this secret, and until `overlapMs` from now with the one before
   * it too: with at most four before it. `not_found` where there is none.
   */
  rotateSecret: {
    in: { tenant: string; id: string; secret: string; overlapMs: number };
    out: { webhook: Webhook };
  };
  /** `not_found` where there is none. */
  removeWebhook: { in: { tenant: string; id: string }; out: null };
  /**
   * Moves webhooks on in their logs, past about `limit` events in all, and makes deliveries of those that they want: once
   * each, whoever does it and whoever dies. One that has `maxPending` waiting stays where it is. `busy`: another process
   * is at it.
   */
  enlistDeliveries: { in: { limit: number; maxPending: number }; out: { moved: number; busy: boolean } };
  /** Takes deliveries that are due, so that nobody else has them until `leaseMs` from now. Counts as a try. */
  claimDeliveries: { in: Room & { leaseMs: number }; out: { deliveries: ClaimedDelivery[] } };
  /** Nothing happens where the delivery has been claimed by another, or driven again, since. */
  settleDelivery: { in: { id: string; claim: number; outcome: DeliveryOutcome }; out: null };
  /** Makes it due now, as if it were new. `not_found` where there is none. */
  redriveDelivery: { in: { tenant: string; webhook: string; id: string }; out: { delivery: Delivery } };
  /** The same for at most `limit` that were given up. `not_found` where there is no such webhook. */
  redriveDead: { in: { tenant: string; webhook: string; limit: number }; out: { redriven: number } };
}

export type WriteName = keyof Writes;

export interface Committed<Out> {
  out: Out;
  /** True where an idempotency key had been seen: `out` is the first result and `events` is empty. */
  replayed: boolean;
  /** What was appended, in order. */
  events: LogEvent[];
}
