export { type Clock, isoTime, systemClock } from './clock.ts';
export { type Audience, envelopeJson, type LogEvent } from './log-event.ts';
export { type Person, type Principal, type Reader, readerOf, SCOPES, type Scope, type Service } from './principal.ts';
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
