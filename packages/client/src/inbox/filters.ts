import { matchesType, type Notification } from '@belfry/protocol';
import { isAbout } from '../subject.ts';
import type { ListFilters } from './inbox.ts';

/** What the sender wrote; `filter` is about what the person did. */
export function fitsContent({ types, severity, subject }: ListFilters): (item: Notification) => boolean {
  const severities = severity === undefined ? undefined : [severity].flat();
  const about = subject === undefined ? undefined : isAbout(subject);
  return (item) =>
    matchesType(types, item.type) && (severities?.includes(item.severity) ?? true) && (about?.(item) ?? true);
}

export function fitsMarks(filter: ListFilters['filter'], { readAt, archivedAt }: Notification): boolean {
  if (filter === 'archived') return archivedAt !== null;
  return archivedAt === null && (filter !== 'unread' || readAt === null);
}

type Content = { [Key in 'types' | 'severity' | 'subject']?: ListFilters[Key] | undefined };

/** As the queries of `GET /v1/inbox` have it; the same for the same filters. */
export function contentQuery({ types, severity, subject }: Content): Record<string, string | undefined> {
  return {
    types: types && [...types].sort().join(','),
    severity: severity && [severity].flat().sort().join(','),
    subject: subject && `${subject.kind}:${subject.id}`,
  };
}

/** The same for the same filters; that of none is the inbox as it is. */
export function keyOf({ filter = 'all', ...content }: ListFilters): string {
  return JSON.stringify({ ...contentQuery(content), filter });
}
