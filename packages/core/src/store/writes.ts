import type { AccessWrites } from './access.ts';
import type { CredentialWrites } from './credentials.ts';
import type { DeliveryStatusWrites } from './delivery-status.ts';
import type { InboxWrites } from './inbox.ts';
import type { LogWrites } from './log.ts';
import type { NotificationWrites } from './notifications.ts';
import type { OutboxWrites } from './outbox.ts';
import type { QuestionWrites } from './questions.ts';
import type { RunWrites } from './runs.ts';
import type { SweepingWrites } from './sweeping.ts';
import type { WebhookWrites } from './webhooks.ts';

/**
 * Everything that changes the database: by name, what goes in and what comes back. Each is one atomic step; it
 * happens as a whole or throws a BelfryError and leaves nothing. All of it is plain data.
 */
export interface Writes
  extends LogWrites,
    NotificationWrites,
    InboxWrites,
    DeliveryStatusWrites,
    AccessWrites,
    QuestionWrites,
    RunWrites,
    OutboxWrites,
    CredentialWrites,
    WebhookWrites,
    SweepingWrites {}

export type WriteName = keyof Writes;
