import type { ReadName } from '@belfry/core';
import { accesses } from './access-rows.ts';
import { acked } from './acks.ts';
import { deliveryBacklog, outboxBacklog } from './backlog.ts';
import { webhookWork } from './claim-deliveries.ts';
import type { GroupOp, ReadOp, ReadOps } from './context.ts';
import { counts } from './counts.ts';
import { deliveries } from './delivery-list.ts';
import { heads } from './heads.ts';
import { firstPublished } from './idempotency.ts';
import { inbox, inboxItem } from './inbox.ts';
import { keyByHash, keys } from './keys.ts';
import { countBehind, readLog } from './log-pages.ts';
import { memberships } from './memberships.ts';
import { notification, notifications, serviceState } from './notifications.ts';
import { outbox } from './outbox.ts';
import { locate } from './position.ts';
import { question } from './questions/find.ts';
import { questions } from './questions/list.ts';
import { recipientCounts } from './recipient-counts.ts';
import { recipients } from './recipient-list.ts';
import { runAt, runLines } from './run-lines.ts';
import { run, runAnywhere, runs } from './run-list.ts';
import { signingKeys } from './signing-keys.ts';
import { states } from './states.ts';
import { hasTicket } from './tickets.ts';
import { webhooks } from './webhooks.ts';

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
