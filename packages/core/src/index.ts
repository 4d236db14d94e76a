export { requirePerson, requireService, requireWriter } from './access.ts';
export type { ApiKeys } from './api-keys.ts';
export { type Clock, isoTime, systemClock } from './clock.ts';
export { type Core, type CoreOptions, createCore, DEFAULT_RETENTION } from './core.ts';
export { listBefore } from './cursors.ts';
export type { Events } from './events.ts';
export { grantsHash } from './grants-hash.ts';
export { newId } from './ids.ts';
export type { Inbox } from './inbox.ts';
export { type Audience, envelopeJson, type LogEvent } from './log-event.ts';
export type { Notifications, Published } from './notifications.ts';
export { type Person, type Principal, type Reader, readerOf, SCOPES, type Scope, type Service } from './principal.ts';
export type { Announce } from './recorder.ts';
export { readServiceState, readState, type StateAt } from './state.ts';
export type { Store } from './store/port.ts';
export type { InboxQuery, Located, LogPage, NotificationQuery, ReadName, Reads } from './store/reads.ts';
export type {
  ApiKey,
  Committed,
  Idempotency,
  NotificationDraft,
  NotificationPatch,
  TicketRefusal,
  WriteName,
  Writes,
} from './store/writes.ts';
export type { Retention } from './sweeper.ts';
export type { ClaimedTicket, Ticket, Tickets } from './tickets.ts';
