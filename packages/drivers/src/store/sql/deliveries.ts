import { type DeliveryPage, isoTime } from '@belfry/core';
import { type Channel, channelKind, type DeliveryStatus, EVERYTHING, firstHeld, userChannel } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, ReadOp } from './context.ts';
import { findLive } from './notifications.ts';
import { findLog } from './position.ts';
import { type Person, peopleNamed } from './recipients.ts';
import type { NotificationRow } from './schema.ts';

export const deliveries: ReadOp<'deliveries'> = async (context, { tenant, id, after, limit }) => {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findLive(context, log, id);
  if (row === undefined) return null;
  const to = JSON.parse(row.recipients) as Channel[];
  const names = await namesAfter(context, row.log, to, after ?? '', limit + 1);
  const page = names.slice(0, limit);
  const people = await peopleNamed(context, row, page);
  return {
    to,
    recipients: people.flatMap((person) => recipientOf(row, to, person)),
    last: names.length > limit ? (page.at(-1) ?? null) : null,
  };
};

/** Everyone named in `to`, and of its shared channels those who ever connected and held them when they last did. */
async function namesAfter(
  context: ReadContext,
  log: number,
  to: readonly Channel[],
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ person: string }>`
    select person from (${sql.join(sourcesOf(context, log, to, after, limit), sql` union `)}) as names
    order by person limit ${limit}`.execute(context.db);
  return rows.map(({ person }) => person);
}

function sourcesOf(
  { dialect }: ReadContext,
  log: number,
  to: readonly Channel[],
  after: string,
  limit: number,
): RawBuilder<unknown>[] {
  const users = to.filter((channel) => channelKind(channel) === 'user').map((channel) => channel.slice('user:'.length));
  const shared = to.filter((channel) => channel !== 'all' && channelKind(channel) !== 'user').flatMap(givers);
  const sources = shared.map(
    (channel) => sql`select person from (select person from people_channels
      where log = ${log} and channel = ${channel} and person > ${after} order by person limit ${limit}) as p`,
  );
  if (to.includes('all')) {
    sources.push(sql`select person from (select person from people
      where log = ${log} and person > ${after} order by person limit ${limit}) as p`);
  }
  sources.push(sql`select t.value as person from ${dialect.texts(users.filter((user) => user > after))}`);
  return sources;
}

/** The channel, and every prefix that gives it: few of them are in use, and each is one look into the index. */
function givers(channel: Channel): string[] {
  if (!channel.startsWith('topic:')) return [channel];
  const prefixes = Array.from(
    { length: channel.length - 'topic:'.length + 1 },
    (_, cut) => `${channel.slice(0, 'topic:'.length + cut)}*`,
  );
  return [channel, ...prefixes];
}

function recipientOf(row: NotificationRow, to: readonly Channel[], person: Person): DeliveryPage['recipients'] {
  const { name } = person;
  const own = userChannel(name);
  const grants = person.grants ?? { ...EVERYTHING, everything: false, exact: [own, 'all'] };
  const channel = firstHeld(grants, to);
  if (channel === null) return [];
  const [status, at] = statusOf(row, person);
  return [{ user: name, channel, status, at: isoTime(at) }];
}

/** The furthest it came. What was only stored or sent has the time of the notification: when it was sent is not kept. */
function statusOf({ n, created_at }: NotificationRow, person: Person): [DeliveryStatus, number] {
  if (person.readAt !== null) return ['read', person.readAt];
  if (person.seenAt !== null) return ['seen', person.seenAt];
  if (person.ackedAt !== null) return ['delivered', person.ackedAt];
  return [person.sent >= n ? 'sent' : 'stored', created_at];
}
