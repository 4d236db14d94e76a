import { isoTime, type RecipientCounts, type RecipientQuery } from '@belfry/core';
import { type Channel, channelKind, type DeliveryStatus, firstHeld, NOTHING, userChannel } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, ReadOp } from './context.ts';
import { findLive } from './notifications.ts';
import { type Person, peopleNamed } from './people.ts';
import { findLog } from './position.ts';
import type { NotificationRow } from './schema.ts';
import { parseGrants } from './watermark-cover.ts';

export const recipients: ReadOp<'recipients'> = async (context, query) => {
  const found = await recipientsOf(context, query);
  if (found === null) return null;
  const told = found.recipients.map(({ user, status, at }) => ({ user, status, at: isoTime(at) }));
  return { recipients: told, last: found.last };
};

export const recipientCounts: ReadOp<'recipientCounts'> = async (context, query) => {
  const found = await recipientsOf(context, query);
  if (found === null) return null;
  const counts = new Map<string, RecipientCounts['counts'][number]>();
  for (const { channel, status } of found.recipients) {
    const key = `${status} ${channel}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { channel, status, count: 1 });
    else known.count += 1;
  }
  return { to: found.to, counts: [...counts.values()], last: found.last };
};

interface Recipient {
  user: string;
  channel: Channel;
  status: DeliveryStatus;
  /** Milliseconds. */
  at: number;
}

interface Found {
  to: Channel[];
  recipients: Recipient[];
  last: string | null;
}

async function recipientsOf(context: ReadContext, { tenant, id, after, limit }: RecipientQuery): Promise<Found | null> {
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
}

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

function recipientOf(row: NotificationRow, to: readonly Channel[], person: Person): Recipient[] {
  const channel = channelOf(to, person);
  if (channel === null) return [];
  const [status, at] = statusOf(row, person);
  return [{ user: person.name, channel, status, at }];
}

/** Who is listed holds the only channel there is; of several it is the first that they hold. */
function channelOf(to: readonly Channel[], { name, grants }: Person): Channel | null {
  if (to.length === 1) return to[0] ?? null;
  const held = grants === null ? { ...NOTHING, exact: [userChannel(name)] } : parseGrants(grants);
  return firstHeld(held, to);
}

/** The furthest it came. What was only stored or sent has the time of the notification: when it was sent is not kept. */
function statusOf({ n, created_at }: NotificationRow, person: Person): [DeliveryStatus, number] {
  if (person.readAt !== null) return ['read', person.readAt];
  if (person.seenAt !== null) return ['seen', person.seenAt];
  if (person.ackedAt !== null) return ['delivered', person.ackedAt];
  return [person.sent >= n ? 'sent' : 'stored', created_at];
}
