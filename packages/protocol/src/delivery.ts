import type { Channel } from './channel.ts';

/** How far a notification came with one person. `failed`: the way that was left to reach them gave up. */
export type DeliveryStatus = 'stored' | 'sent' | 'delivered' | 'seen' | 'read' | 'failed';

/** Of those who have it by this channel, how many it came at least so far with. */
export interface DeliveryCounts {
  channel: Channel;
  stored: number;
  sent: number;
  delivered: number;
  seen: number;
  read: number;
  failed: number;
  /** What failed last. */
  error?: string;
}

export interface RecipientStatus {
  user: string;
  status: DeliveryStatus;
  /** When it came so far, as far as that is known: what was only sent has the time of the notification. */
  at: string;
  error?: string;
}

/** The answer of `GET /v1/notifications/{id}/deliveries`. */
export interface Deliveries {
  channels: DeliveryCounts[];
  recipients: RecipientStatus[];
  nextCursor: string | null;
}
