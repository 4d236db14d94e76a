import type {
  Action,
  Actor,
  Channel,
  Json,
  NotificationContent,
  Page,
  ServiceNotification,
  Severity,
  Subject,
  TypeFilter,
} from '@belfry/protocol';
import type { Idempotency } from './commit.ts';

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

export interface NotificationQuery {
  to?: string;
  types?: TypeFilter;
  severity?: Severity[];
  subject?: { kind: string; id: string };
  before: number | null;
  limit: number;
}

export interface NotificationWrites {
  /** Appends `notification.created` for each draft, `notification.withdrawn` before it where `dedupeKey` says so. */
  publish: { in: { tenant: string; drafts: NotificationDraft[] }; out: { notifications: ServiceNotification[] } };
  /** `not_found` where there is none, or it is withdrawn or expired. */
  edit: { in: { tenant: string; id: string; patch: NotificationPatch }; out: { notification: ServiceNotification } };
  withdraw: { in: { tenant: string; id: string }; out: null };
}

export interface NotificationReads {
  /**
   * What a `publish` under this idempotency key gave the first time; null where the key is new. Throws
   * `idempotency_mismatch` where it came with another request.
   */
  firstPublished: {
    in: { tenant: string; idempotency: Idempotency };
    out: NotificationWrites['publish']['out'] | null;
  };
  notifications: { in: { tenant: string; query: NotificationQuery }; out: Page<ServiceNotification> };
  notification: { in: { tenant: string; id: string }; out: ServiceNotification | null };
}
