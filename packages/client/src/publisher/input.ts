import type { Action, Actor, Channel, Json, Severity, Subject } from '@belfry/protocol';

/** What `POST /v1/notifications` takes. Only `to`, `type` and `title` must be there. */
export interface NotificationInput {
  /** One channel or several; a person who is named by more than one gets it once. */
  to: Channel | readonly Channel[];
  /** The app's own word, such as `comment` or `build.failed`. */
  type: string;
  /** At most 200 characters. */
  title: string;
  /** At most 4,000 characters. */
  body?: string | null;
  /** http(s), or a path that starts with one `/`. */
  actionUrl?: string | null;
  actions?: readonly Action[] | null;
  actor?: Actor | null;
  /** A name that your inbox understands, an emoji, or where the picture is: http(s) or a path. */
  icon?: string | null;
  /** `info` by default. */
  severity?: Severity | null;
  subject?: Subject | null;
  /** At most 16 KB of JSON. */
  data?: Json;
  /** A webhook gets `notification.fallback` for whoever has not seen, or read, it within so many seconds. */
  fallback?: { afterSeconds: number; until: 'seen' | 'read' } | null;
  /** Withdraws the earlier notification with the same key, in the same step. */
  dedupeKey?: string | null;
  /** RFC 3339. */
  expiresAt?: string | null;
}

export interface EventInput {
  to: Channel | readonly Channel[];
  /** Lower-case words, dotted: `build.finished`. */
  type: string;
  data: Json;
}
