/** Where a tenant's events are sent. Its secret is told once, when it is made, and is in nothing that is listed. */
export interface Webhook {
  id: string;
  /** http or https. */
  url: string;
  /** Patterns of event types, as `?events=` has them. */
  events: string[];
  /** Events that retention deleted before this webhook came to them: too many waited for it, for too long. */
  missed: number;
  /** RFC 3339. */
  createdAt: string;
}

/** What signs its deliveries: `whsec_` and 24 to 64 bytes in base64. */
export interface WebhookWithSecret extends Webhook {
  secret: string;
}

export const WEBHOOK_DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** One event on its way to one webhook. */
export interface WebhookDelivery {
  /** Sent as `webhook-id`, the same however often it is tried. */
  id: string;
  type: string;
  status: WebhookDeliveryStatus;
  /** How often it was tried since it was made or last driven again. */
  attempts: number;
  createdAt: string;
  /** When it is tried next, or, while it is being sent, when somebody else would try. Null once it has ended. */
  nextAt: string | null;
  /** When it was delivered or given up. */
  finishedAt: string | null;
  /** Why the last try failed. */
  error: string | null;
}

export interface WebhookDeliveryQuery {
  status?: WebhookDeliveryStatus;
  /** Only those made before the one of this number; null from the newest. */
  before: number | null;
  limit: number;
}

/** A delivery that is this process's to send until its lease ends. */
export interface ClaimedDelivery {
  id: string;
  /** Which of its claims this is: a result is taken only from the latest. */
  claim: number;
  webhook: string;
  url: string;
  /** The newest first, and those before it that still sign. */
  secrets: string[];
  /** JSON text, sent as it is. */
  body: string;
  /** 1 for the first try. */
  attempt: number;
}

/** What came of one try. `retryInMs` null: it is given up. */
export type DeliveryOutcome = { delivered: true } | { delivered: false; error: string; retryInMs: number | null };

/** What there is to do for webhooks. */
export interface WebhookWork {
  /** Those that have webhooks. */
  tenants: string[];
  /** Whether a log has events that a webhook of it has not seen. */
  behind: boolean;
  /** Until the next delivery is due; 0: now. Null: none waits. */
  dueInMs: number | null;
}
