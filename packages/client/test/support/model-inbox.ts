import type { EventEnvelope, InboxPage, Mark, Notification } from '@belfry/protocol';
import { cursor } from './scripted-server.ts';

export function notification(n: number, fields: Partial<Notification> = {}): Notification {
  const at = '2026-01-01T00:00:00.000Z';
  const content = { type: 'comment', title: `Number ${n}`, body: null, actionUrl: null, actions: [], actor: null };
  const rest = { icon: null, severity: 'info' as const, data: null, subject: null, createdAt: at, updatedAt: at };
  const marks = { expiresAt: null, channel: 'user:42', seenAt: null, readAt: null, archivedAt: null };
  return { id: `i${n}`, cursor: cursor(n), ...content, ...rest, ...marks, ...fields };
}

export function event(type: string, data: unknown): EventEnvelope {
  return { type, channel: 'user:42', time: '2026-01-01T00:00:00.000Z', data } as EventEnvelope;
}

/** What the server does, in the plainest words: items, marks, counts and the events that tell of them. */
export class ModelInbox {
  n = 0;
  items: Notification[] = [];

  get unread(): number {
    return this.items.filter((item) => item.archivedAt === null && item.readAt === null).length;
  }

  get unseen(): number {
    return this.items.filter((item) => item.archivedAt === null && item.seenAt === null).length;
  }

  /** The newest first, archived ones left out. */
  page(limit: number, before = Number.POSITIVE_INFINITY): InboxPage {
    const shown = this.items.filter((item) => item.archivedAt === null && numberIn(item.cursor) < before).reverse();
    const items = shown.slice(0, limit);
    const nextCursor = shown.length > limit ? (items.at(-1) as Notification).cursor : null;
    return { items, unread: this.unread, unseen: this.unseen, nextCursor };
  }

  create(fields: Partial<Notification> = {}): EventEnvelope {
    this.n += 1;
    const item = notification(this.n, fields);
    this.items.push(item);
    return event('notification.created', { notification: item });
  }

  withdraw(id: string): EventEnvelope | null {
    if (!this.items.some((item) => item.id === id)) return null;
    this.n += 1;
    this.items = this.items.filter((item) => item.id !== id);
    return event('notification.withdrawn', { id });
  }

  edit(id: string, title: string): EventEnvelope | null {
    const item = this.items.find((one) => one.id === id);
    if (item === undefined) return null;
    this.n += 1;
    this.items = this.items.map((one) => (one === item ? { ...one, title } : one));
    const { seenAt, readAt, archivedAt, ...content } = { ...item, title };
    return event('notification.updated', { notification: content });
  }

  /** No event where nothing changed, except for a watermark. */
  mark(ids: readonly string[], upTo: number | null, mark: Mark): EventEnvelope | null {
    const meant = (item: Notification): boolean =>
      upTo === null ? ids.includes(item.id) : numberIn(item.cursor) <= upTo;
    const before = JSON.stringify(this.items);
    this.items = this.items.map((item) => (meant(item) ? withMark(item, mark) : item));
    if (upTo === null && JSON.stringify(this.items) === before) return null;
    this.n += 1;
    const counts = { unread: this.unread, unseen: this.unseen };
    const bounds = upTo === null ? {} : { upTo: cursor(upTo) };
    return event('notification.state', { ids, ...bounds, mark, at: 'now', ...counts });
  }
}

function withMark(item: Notification, mark: Mark): Notification {
  const seenAt = item.seenAt ?? 'now';
  if (mark === 'seen') return { ...item, seenAt };
  if (mark === 'read') return { ...item, seenAt, readAt: item.readAt ?? 'now' };
  if (mark === 'archived') return { ...item, seenAt, archivedAt: item.archivedAt ?? 'now' };
  return mark === 'unread' ? { ...item, readAt: null } : { ...item, archivedAt: null };
}

export function numberIn(text: string): number {
  return Number(text.split('-')[1]);
}
