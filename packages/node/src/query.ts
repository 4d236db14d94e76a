import type { Subject } from '@belfry/protocol';

/** What lists are filtered by, as the query of a request says it. */
export function filterQuery(filter: {
  channels?: readonly string[];
  status?: readonly string[];
  subject?: Pick<Subject, 'kind' | 'id'>;
  limit?: number;
  cursor?: string;
}): Record<string, string | undefined> {
  const { channels, status, subject, limit, cursor } = filter;
  return {
    channels: channels?.join(','),
    status: status?.join(','),
    subject: subject === undefined ? undefined : `${subject.kind}:${subject.id}`,
    limit: limit?.toString(),
    cursor,
  };
}
