import type { Channel } from './channel.ts';

export const SEVERITIES = ['info', 'success', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What something is about in the app's own world: a story, an idea, a build. */
export interface Subject {
  kind: string;
  id: string;
  code?: string;
  title?: string;
  url?: string;
}

export interface Action {
  id: string;
  label: string;
  url?: string;
}

export interface Actor {
  name: string;
  avatarUrl?: string;
}

/** What the sender wrote, the same for every reader. Times are RFC 3339 UTC with milliseconds. */
export interface NotificationContent {
  id: string;
  type: string;
  title: string;
  body: string | null;
  actionUrl: string | null;
  actions: Action[];
  actor: Actor | null;
  icon: string | null;
  severity: Severity;
  data: Json;
  subject: Subject | null;
  createdAt: string;
  updatedAt: string;
  expiresAt: string | null;
  /** The position of its creation in the log: what `upTo` takes. Never changes. */
  cursor: string;
}

/** What one person did with it. Null: not yet. */
export interface Marks {
  seenAt: string | null;
  readAt: string | null;
  archivedAt: string | null;
}

/** A notification as a person has it: `channel` is the first it was sent to that they hold. */
export interface Notification extends NotificationContent, Marks {
  channel: Channel;
}

/** A notification as services see it. */
export interface ServiceNotification extends NotificationContent {
  channel: Channel;
  to: Channel[];
}

export const MARKS = ['seen', 'read', 'unread', 'archived', 'unarchived'] as const;
export type Mark = (typeof MARKS)[number];

/** Unread and unseen, neither counting archived items. `LIMITS.countCap` means "or more". */
export interface Counts {
  unread: number;
  unseen: number;
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface InboxPage extends Page<Notification>, Counts {}
