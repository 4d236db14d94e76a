import { isoTime, type NotificationDraft } from '@belfry/core';
import {
  type Channel,
  invalid,
  type Marks,
  type Notification,
  type NotificationContent,
  type ServiceNotification,
} from '@belfry/protocol';
import type { LogWriter } from './log-writer.ts';
import type { NotificationRow } from './schema.ts';

export function contentOf(draft: NotificationDraft, time: string, cursor: string): NotificationContent {
  return {
    id: draft.id,
    type: draft.type,
    title: draft.title,
    body: draft.body,
    actionUrl: draft.actionUrl,
    actions: draft.actions,
    actor: draft.actor,
    icon: draft.icon,
    severity: draft.severity,
    data: draft.data,
    subject: draft.subject,
    createdAt: time,
    updatedAt: time,
    expiresAt: draft.expiresAt,
    cursor,
  };
}

export function rowOf(
  log: LogWriter,
  n: number,
  content: NotificationContent,
  json: string,
  recipients: string,
  dedupeKey: string | null,
): NotificationRow {
  return {
    log: log.log,
    n,
    id: content.id,
    type: content.type,
    created_at: log.at,
    dedupe_key: dedupeKey,
    recipients,
    content: json,
    ...filterColumns(content),
  };
}

/** What lists filter by and an edit may change. */
export function filterColumns(content: NotificationContent) {
  return {
    severity: content.severity,
    subject_kind: content.subject?.kind ?? null,
    subject_id: content.subject?.id ?? null,
    expires_at: content.expiresAt === null ? null : timeOf(content.expiresAt),
  };
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalid('expiresAt', 'expiresAt is not a time. Write it as 2030-01-31T12:00:00.000Z.');
  return ms;
}

export function toService(content: NotificationContent, to: readonly Channel[]): ServiceNotification {
  return { ...content, channel: to[0] as Channel, to: [...to] };
}

export function toNotification(content: NotificationContent, channel: Channel, marks: MarkTimes): Notification {
  return { ...content, channel, ...toMarks(marks) };
}

/** Milliseconds; null where it is not so. */
export interface MarkTimes {
  seen: number | null;
  read: number | null;
  archived: number | null;
}

function toMarks(times: MarkTimes): Marks {
  return { seenAt: timeOrNull(times.seen), readAt: timeOrNull(times.read), archivedAt: timeOrNull(times.archived) };
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
