import { isoTime } from '@belfry/core';
import type { Channel, DeliveryStatus, RecipientStatus } from '@belfry/protocol';
import type { ReadOp } from '../context.ts';
import { findLog } from '../log/position.ts';
import { findLive } from '../notifications/notifications.ts';
import type { NotificationRow } from '../schema.ts';
import { failuresOf } from '../sweeping/fall-back-failures.ts';
import { type Person, peopleNamed } from './people.ts';
import { recipientsAfter } from './recipient-names.ts';

export const recipients: ReadOp<'recipients'> = async (context, { tenant, id, after, limit }) => {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findLive(context, log, id);
  if (row === undefined) return null;
  const to = JSON.parse(row.recipients) as Channel[];
  const { found, last } = await recipientsAfter(context, row.log, to, after ?? '', limit);
  const names = found.map(({ name }) => name);
  const people = await peopleNamed(context, row, names);
  const { everybody, byUser } = await failuresOf(context, row.log, row.n);
  const page = people.map((person) => statusOf(row, person, everybody ?? byUser.get(person.name) ?? null));
  return { recipients: page, last };
};

function statusOf(row: NotificationRow, person: Person, error: string | null): RecipientStatus {
  const [status, at] = furthest(row, person);
  const hasFailed = error !== null && status !== 'seen' && status !== 'read';
  const told = { user: person.name, at: isoTime(at) };
  return hasFailed ? { ...told, status: 'failed', error } : { ...told, status };
}

/** The furthest it came. What was only stored or sent has the time of the notification: when it was sent is not kept. */
function furthest({ n, created_at }: NotificationRow, person: Person): [DeliveryStatus, number] {
  if (person.readAt !== null) return ['read', person.readAt];
  if (person.seenAt !== null) return ['seen', person.seenAt];
  if (person.ackedAt !== null) return ['delivered', person.ackedAt];
  return [person.sent >= n ? 'sent' : 'stored', created_at];
}
