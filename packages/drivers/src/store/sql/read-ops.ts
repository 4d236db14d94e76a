import type { ReadName } from '@belfry/core';
import { accesses } from './access/access-rows.ts';
import { memberships } from './access/memberships.ts';
import { deliveryBacklog, outboxBacklog } from './backlog.ts';
import type { GroupOp, ReadOp, ReadOps } from './context.ts';
import { keyByHash, keys } from './credentials/keys.ts';
import { hasTicket } from './credentials/tickets.ts';
import { acked } from './delivery-status/acks.ts';
import { recipientCounts } from './delivery-status/recipient-counts.ts';
import { recipients } from './delivery-status/recipient-list.ts';
import { counts } from './inbox/counts.ts';
import { inbox, inboxItem, inboxJson } from './inbox/inbox.ts';
import { heads } from './log/heads.ts';
import { firstPublished } from './log/idempotency.ts';
import { countBehind, readLog } from './log/log-pages.ts';
import { locate } from './log/position.ts';
import { notification, notifications, serviceState } from './notifications/notifications.ts';
import { outbox } from './outbox/outbox.ts';
import { question } from './questions/find.ts';
import { questions } from './questions/list.ts';
import { runAt, runLines } from './runs/run-lines.ts';
import { run, runAnywhere, runs } from './runs/run-list.ts';
import { signingKeys } from './runs/signing-keys.ts';
import { states } from './state/states.ts';
import { webhookWork } from './webhooks/claim-deliveries.ts';
import { deliveries } from './webhooks/delivery-list.ts';
import { webhooks } from './webhooks/webhooks.ts';

/** What many ask at once, each for themselves, when a process or their network comes back: all are answered together. */
export const GROUP_OPS = { access: accesses, state: states } satisfies { [Name in ReadName]?: GroupOp<Name> };

export type GroupName = keyof typeof GROUP_OPS;

export const READ_OPS: ReadOps = {
  locate,
  heads,
  readLog,
  countBehind,
  access: alone(accesses),
  memberships,
  state: alone(states),
  serviceState,
  inbox,
  inboxJson,
  inboxItem,
  counts,
  notifications,
  notification,
  recipients,
  recipientCounts,
  question,
  questions,
  acked,
  runs,
  run,
  runAt,
  runLines,
  runAnywhere,
  signingKeys,
  outbox,
  outboxBacklog,
  hasTicket,
  firstPublished,
  keyByHash,
  keys,
  webhooks,
  deliveries,
  webhookWork,
  deliveryBacklog,
  ping: async ({ db }) => {
    await db.selectFrom('meta').select('key').limit(1).execute();
    return null;
  },
};

function alone<Name extends ReadName>(op: GroupOp<Name>): ReadOp<Name> {
  return async (context, input) => (await op(context, [input]))[0] as Awaited<ReturnType<ReadOp<Name>>>;
}
