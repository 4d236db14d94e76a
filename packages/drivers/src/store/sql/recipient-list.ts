import { isoTime, type RecipientCounts, type RecipientQuery } from '@belfry/core';
import { type Channel, type DeliveryStatus, firstHeld, NOTHING, userChannel } from '@belfry/protocol';
import type { ReadContext, ReadOp } from './context.ts';
import { failuresOf } from './fall-back.ts';
import { findLive } from './notifications.ts';
import { type Person, peopleNamed } from './people.ts';
import { findLog } from './position.ts';
import { namesAfter } from './recipient-names.ts';
import type { NotificationRow } from './schema.ts';
import { parseGrants } from './watermark-cover.ts';

export const recipients: ReadOp<'recipients'> = async (context, query) => {
  const found = await recipientsOf(context, query);
  if (found === null) return null;
  const told = found.recipients.map(({ channel: _, at, ...told }) => ({ ...told, at: isoTime(at) }));
  return { recipients: told, last: found.last };
};

export const recipientCounts: ReadOp<'recipientCounts'> = async (context, query) => {
  const found = await recipientsOf(context, query);
  if (found === null) return null;
  const counts = new Map<string, RecipientCounts['counts'][number]>();
  for (const { channel, status, error } of found.recipients) {
    const key = `${status} ${channel}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { channel, status, count: 1, ...(error === undefined ? {} : { error }) });
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
  error?: string;
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
  const errorOf = await failuresOf(context, row.log, row.n);
  return {
    to,
    recipients: people.flatMap((person) => recipientOf(row, to, person, errorOf(person.name))),
    last: names.length > limit ? (page.at(-1) ?? null) : null,
  };
}

function recipientOf(row: NotificationRow, to: readonly Channel[], person: Person, error: string | null): Recipient[] {
  const channel = channelOf(to, person);
  if (channel === null) return [];
  const [status, at] = statusOf(row, person);
  const hasFailed = error !== null && status !== 'seen' && status !== 'read';
  return [{ user: person.name, channel, at, ...(hasFailed ? { status: 'failed', error } : { status }) }];
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
