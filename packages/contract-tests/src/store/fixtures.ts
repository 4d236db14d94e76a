import type { InboxQuery, NotificationDraft, Reader, Store } from '@belfry/core';
import {
  BelfryError,
  type Channel,
  type Counts,
  type InboxPage,
  type Mark,
  type MarkChange,
  type Notification,
  parseCursor,
  type ServiceNotification,
} from '@belfry/protocol';
import { expect } from 'vitest';
import { draft } from './samples.ts';

export async function publish(
  store: Store,
  tenant: string,
  ...drafts: Partial<NotificationDraft>[]
): Promise<ServiceNotification[]> {
  return (await store.commit('publish', { tenant, drafts: drafts.map(draft) })).out.notifications;
}

export async function publishOne(
  store: Store,
  tenant: string,
  over: Partial<NotificationDraft> = {},
): Promise<ServiceNotification> {
  return (await publish(store, tenant, over))[0] as ServiceNotification;
}

export function numberOf(item: { cursor: string }): number {
  return parseCursor(item.cursor)?.n ?? Number.NaN;
}

export async function listed(store: Store, who: Reader, query: Partial<InboxQuery> = {}): Promise<Notification[]> {
  return (JSON.parse(await store.read('inboxJson', { reader: who, query: inboxQuery(query) })) as InboxPage).items;
}

export function inboxQuery(over: Partial<InboxQuery> = {}): InboxQuery {
  return { filter: 'all', before: null, limit: 100, ...over };
}

export async function countsOf(store: Store, who: Reader): Promise<Counts> {
  const { unread, unseen } = await store.read('counts', { reader: who });
  return { unread, unseen };
}

/** Marks and says what the person's devices were told; null: nothing. */
export async function mark(
  store: Store,
  who: Reader,
  what: Mark,
  ...items: { id: string }[]
): Promise<MarkChange | null> {
  const { events } = await store.commit('mark', { reader: who, ids: items.map((item) => item.id), mark: what });
  return changeIn(events);
}

export async function markUpTo(
  store: Store,
  who: Reader,
  what: 'seen' | 'read' | 'archived',
  upTo: number | null = null,
  types: string[] | null = null,
): Promise<MarkChange | null> {
  return changeIn((await store.commit('markUpTo', { reader: who, mark: what, upTo, types })).events);
}

function changeIn(events: readonly { type: string; data: string }[]): MarkChange | null {
  expect(events.length).toBeLessThanOrEqual(1);
  const [event] = events;
  if (!event) return null;
  expect(event.type).toBe('notification.state');
  return JSON.parse(event.data);
}

export async function everyEvent(store: Store, tenant: string, exact?: Channel[]) {
  const grants = { everything: exact === undefined, exact: exact ?? [], prefixes: [] };
  const page = await store.read('readLog', {
    log: tenant,
    after: 0,
    upTo: Number.MAX_SAFE_INTEGER,
    grants,
    limit: 100_000,
    maxBytes: 1e9,
  });
  return page.events;
}

export async function refusal(work: Promise<unknown>): Promise<BelfryError> {
  const error = await work.then(
    () => new Error('This was not refused.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BelfryError);
  return error as BelfryError;
}
