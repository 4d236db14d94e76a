import { channelsJson, isoTime, type NotificationDraft } from '@belfry/core';
import {
  type Action,
  type Actor,
  type Channel,
  invalid,
  type Json,
  type Marks,
  type Notification,
  type NotificationContent,
  type Position,
  type ServiceNotification,
  type Subject,
} from '@belfry/protocol';
import type { LogWriter } from '../log/log-writer.ts';
import type { NotificationRow } from '../schema.ts';

/** A draft as it is kept once it has its place in the log. `content`: by `contentJson`. */
export function rowOf(
  log: LogWriter,
  position: Position,
  draft: NotificationDraft,
  to: readonly Channel[],
  content: string,
): NotificationRow {
  return {
    log: log.log,
    n: position.n,
    id: draft.id,
    type: draft.type,
    severity: draft.severity,
    subject_kind: draft.subject?.kind ?? null,
    subject_id: draft.subject?.id ?? null,
    created_at: log.at,
    expires_at: draft.expiresAt === null ? null : timeOf(draft.expiresAt),
    dedupe_key: draft.dedupeKey,
    recipients: channelsJson(to),
    content,
  };
}

/** A NotificationContent as JSON, put together from its texts: the object in between would cost twice as much. */
export function contentJson(draft: NotificationDraft, log: LogWriter, position: Position): string {
  return (
    `{"id":${json(draft.id)},"type":${typeJson(draft.type)},"title":${titleJson(draft.title)},` +
    `"body":${bodyJson(draft.body)},"actionUrl":${linkJson(draft.actionUrl)},${moreJson(draft)},${timesJson(log.time)},` +
    `"expiresAt":${json(draft.expiresAt)},"cursor":"${log.cursor(position)}"}`
  );
}

/** What most leave out. */
function moreJson({ actions, actor, icon, severity, data, subject }: NotificationDraft): string {
  const isPlain = actions.length === 0 && actor === null && icon === null && data === null && subject === null;
  if (isPlain && severity === 'info') return PLAIN;
  return (
    `"actions":${json(actions)},"actor":${json(actor)},"icon":${json(icon)},"severity":${severityJson(severity)},` +
    `"data":${json(data)},"subject":${json(subject)}`
  );
}

const PLAIN = '"actions":[],"actor":null,"icon":null,"severity":"info","data":null,"subject":null';

const typeJson = lastJson();
const titleJson = lastJson();
const bodyJson = lastJson();
const linkJson = lastJson();
const severityJson = lastJson();
const timesJson = lastJson((time) => `"createdAt":"${time}","updatedAt":"${time}"`);

/** A batch often tells one thing to many: the JSON of the last one is kept, as to compare costs a tenth of writing it. */
function lastJson(write: (value: string | null) => string = json): (value: string | null) => string {
  let last: string | null = null;
  let text = write(null);
  return (value) => {
    if (value !== last) [last, text] = [value, write(value)];
    return text;
  };
}

/** Most of what may be absent is. */
function json(value: Json | Action[] | Actor | Subject): string {
  if (value === null) return 'null';
  return Array.isArray(value) && value.length === 0 ? '[]' : JSON.stringify(value);
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

/** The same as JSON, from that of its content: to read and write the fifty of a page costs more than to find them. */
export function notificationJson(content: string, channel: Channel, marks: MarkTimes): string {
  const { seenAt, readAt, archivedAt } = toMarks(marks);
  return (
    `${content.slice(0, -1)},"channel":${JSON.stringify(channel)},` +
    `"seenAt":${quoted(seenAt)},"readAt":${quoted(readAt)},"archivedAt":${quoted(archivedAt)}}`
  );
}

function quoted(time: string | null): string {
  return time === null ? 'null' : `"${time}"`;
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
