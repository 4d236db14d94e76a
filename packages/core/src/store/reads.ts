import type { AccessReads } from './access.ts';
import type { CredentialReads } from './credentials.ts';
import type { DeliveryStatusReads } from './delivery-status.ts';
import type { InboxReads } from './inbox.ts';
import type { LogReads } from './log.ts';
import type { NotificationReads } from './notifications.ts';
import type { OutboxReads } from './outbox.ts';
import type { QuestionReads } from './questions.ts';
import type { RunReads } from './runs.ts';
import type { StateReads } from './state.ts';
import type { WebhookReads } from './webhooks.ts';

/** Everything that can be asked: by name, what goes in and what comes back. Each is answered from one snapshot. */
export interface Reads
  extends LogReads,
    NotificationReads,
    InboxReads,
    DeliveryStatusReads,
    AccessReads,
    QuestionReads,
    RunReads,
    StateReads,
    OutboxReads,
    CredentialReads,
    WebhookReads {
  /** Throws `unavailable` where the database can't answer, or can't take writes as far as the last ones tell. */
  ping: { in: Record<string, never>; out: null };
}

export type ReadName = keyof Reads;
