import type { Page } from '@belfry/protocol';
import type { ClaimLimits } from '../webhooks/lanes.ts';
import type {
  ClaimedDelivery,
  DeliveryOutcome,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryQuery,
  WebhookWork,
} from '../webhooks/shapes.ts';

export interface WebhookWrites {
  /** It begins at the head of the log. `invalid` where the tenant has as many as it may. */
  addWebhook: {
    in: { tenant: string; id: string; url: string; events: string[]; secret: string };
    out: { webhook: Webhook };
  };
  /**
   * Deliveries that are claimed from now on are signed with this secret, and until `overlapMs` from now with the one before
   * it too, and with those before that for no longer: with at most four. `not_found` where there is none.
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
  claimDeliveries: { in: ClaimLimits & { leaseMs: number }; out: { deliveries: ClaimedDelivery[] } };
  /** Nothing happens where the delivery has been claimed by another, or driven again, since. */
  settleDelivery: { in: { id: string; claim: number; outcome: DeliveryOutcome }; out: null };
  /** Makes it due now, as if it were new. `not_found` where there is none. */
  redriveDelivery: { in: { tenant: string; webhook: string; id: string }; out: { delivery: WebhookDelivery } };
  /** The same for at most `limit` that were given up. `not_found` where there is no such webhook. */
  redriveDead: { in: { tenant: string; webhook: string; limit: number }; out: { redriven: number } };
}

export interface WebhookReads {
  /** A tenant's, oldest first. */
  webhooks: { in: { tenant: string }; out: Webhook[] };
  /** Newest first; `nextCursor` is what `before` goes on from. Null: there is no such webhook. */
  deliveries: {
    in: { tenant: string; webhook: string; query: WebhookDeliveryQuery };
    out: Page<WebhookDelivery> | null;
  };
  /** Deliveries that are due or will be, and those that were given up: of all tenants, counted no further than `cap`. */
  deliveryBacklog: { in: { cap: number }; out: { waiting: number; dead: number } };
  /** Asked every second by every process where there is a webhook, every five where there is none. */
  webhookWork: { in: Record<string, never>; out: WebhookWork };
}
