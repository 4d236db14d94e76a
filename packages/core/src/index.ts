export {
  requireAllTenants,
  requireOwnChannel,
  requireOwnQuestion,
  requirePerson,
  requireService,
  requireWriter,
} from './access.ts';
export type { ApiKeys } from './api-keys.ts';
export type { AppAccess } from './app-access.ts';
export type { AppAnswer, AskApp } from './app-answer.ts';
export type { ArtifactLinks } from './artifact-links.ts';
export { type Clock, isoTime, systemClock } from './clock.ts';
export { type Core, type CoreOptions, createCore } from './core.ts';
export { createdBy, resultJson } from './created.ts';
export { listBefore } from './cursors.ts';
export { deliveriesOf } from './delivery-status.ts';
export {
  type AccessRows,
  changedAt,
  heldBy,
  INVALIDATED,
  isAccessChange,
  type Membership,
  NO_ROWS,
  type Revocation,
  rowsAfter,
} from './entitlement.ts';
export type { Events } from './events.ts';
export { accessHasMoved } from './fresh-access.ts';
export { giveBackMemory } from './give-back-memory.ts';
export { grantsHash, scopeHash } from './grants-hash.ts';
export { newId } from './ids.ts';
export type { Inbox } from './inbox.ts';
export {
  type Audience,
  channelsJson,
  envelopeJson,
  hasArtifacts,
  type Links,
  type LogEvent,
  type LogTopic,
  logName,
  runMessage,
  topicOf,
} from './log-event.ts';
export { heldReader, type Memberships } from './memberships.ts';
export type { Notifications } from './notifications.ts';
export type { Presence } from './presence.ts';
export {
  askerOf,
  type Person,
  type Principal,
  type Reader,
  readerOf,
  SCOPES,
  type Scope,
  type Service,
  sinceOf,
} from './principal.ts';
export type { Published } from './published.ts';
export { noQuestion, type Questions } from './questions.ts';
export type { Announce } from './recorder.ts';
export { noRun, type Runs } from './runs.ts';
export { readServiceState, readState, type StateAt } from './state.ts';
export { ALL_PARTS, partsFor, type StateParts } from './state-parts.ts';
export type { Committed, Idempotency } from './store/commit.ts';
export type { ApiKey, TicketRefusal } from './store/credentials.ts';
export type { PersonSeen, RecipientCounts, RecipientPage, RecipientQuery } from './store/delivery-status.ts';
export type { CountQuery, InboxQuery } from './store/inbox.ts';
export type { Head, Located, LogPage } from './store/log.ts';
export type { Fallback, NotificationDraft, NotificationPatch, NotificationQuery } from './store/notifications.ts';
export type { OutboxKind, OutboxRow, Relayed, RelayedCall } from './store/outbox.ts';
export type { Store } from './store/port.ts';
export type { AskedQuestion, QuestionDraft, QuestionPatch, QuestionQuery } from './store/questions.ts';
export type { ReadName, Reads } from './store/reads.ts';
export type { LinesCursor, LinesPage, NewRunLine, RunAt, RunChange, RunDraft, RunQuery } from './store/runs.ts';
export type { WriteName, Writes } from './store/writes.ts';
export { DEFAULT_RETENTION, type Retention } from './sweeper.ts';
export { type ClaimedTicket, TICKET_GRACE_MS, type Ticket, type Tickets } from './tickets.ts';
export type { ClaimLimits } from './webhooks/lanes.ts';
export type { WebhookAnswer, WebhookRequest, WebhookSender } from './webhooks/sender.ts';
export {
  type ClaimedDelivery,
  type DeliveryOutcome,
  WEBHOOK_DELIVERY_STATUSES,
  type Webhook,
  type WebhookDelivery,
  type WebhookDeliveryQuery,
  type WebhookDeliveryStatus,
  type WebhookWithSecret,
  type WebhookWork,
} from './webhooks/shapes.ts';
