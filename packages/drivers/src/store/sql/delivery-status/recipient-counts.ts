import type { Channel, DeliveryStatus } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext, ReadOp } from '../context.ts';
import { findLog } from '../log/position.ts';
import { findLive } from '../notifications/notifications.ts';
import type { NotificationRow } from '../schema.ts';
import { failuresOf } from '../sweeping/fall-back-failures.ts';
import { type Audience, audienceOf, channelAt, endOf, PLACE, whoSql, widthOf } from './audience.ts';
import { STATUSES, statusSql } from './recipient-status.ts';
import { type Span, spanOf } from './span.ts';

const KINDS = STATUSES.length;

/** Counted where it lies: nobody's row is read out of the database. */
export const recipientCounts: ReadOp<'recipientCounts'> = async (context, { tenant, id, after, limit }) => {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findLive(context, log, id);
  if (row === undefined) return null;
  const from = after ?? '';
  const audience = await audienceOf(context, row.log, JSON.parse(row.recipients) as Channel[]);
  const last = await endOf(context, audience, from, Math.ceil(limit / widthOf(audience)));
  const span = spanOf(from, last);
  const failed = await failedIn(context, row, span);
  const found = await countsIn(context, row, audience, span, failed);
  const counts = found.map(({ place, ...count }) => ({ channel: channelAt(audience, place), ...count }));
  return { to: [...audience.to], counts, last };
};

interface Failed {
  /** Whether it failed with `w.person`, unless they have seen it. */
  test: RawBuilder<SqlBool>;
  error: string;
}

async function failedIn(context: ReadContext, { log, n }: NotificationRow, span: Span): Promise<Failed | null> {
  const { everybody, byUser } = await failuresOf(context, log, n);
  if (everybody !== null) return { test: sql`1 = 1`, error: everybody };
  const failed = [...byUser].filter(([user]) => user > span.after && user <= span.upTo);
  const error = failed.at(-1)?.[1];
  if (error === undefined) return null;
  const users = failed.map(([user]) => user);
  return { test: context.dialect.inTexts(sql.ref('w.person'), users), error };
}

interface Count {
  place: number;
  status: DeliveryStatus;
  count: number;
  error?: string;
}

/** One number says the channel, the status and whether it failed: groups by several columns are sorted far longer. */
async function countsIn(
  context: ReadContext,
  row: NotificationRow,
  audience: Audience,
  span: Span,
  failed: Failed | null,
): Promise<Count[]> {
  const hasFailed = failed === null ? sql`0` : sql`case when ${failed.test} then ${sql.lit(KINDS)} else 0 end`;
  const { rows } = await sql<{ kind: number; count: number }>`
    select kind, count(*) as count from (
      select ${PLACE} * ${sql.lit(2 * KINDS)} + ${hasFailed} + ${await statusSql(context, row, span)} as kind
      from (${whoSql(context, audience, span)}) as w
      left join marks m on m.log = ${row.log} and m.person = w.person and m.n = ${row.n}) as each_person
    group by kind`.execute(context.db);
  return rows.map(({ kind, count }) => {
    const place = Math.floor(kind / (2 * KINDS));
    const status = STATUSES[kind % KINDS] as DeliveryStatus;
    const isReached = status === 'seen' || status === 'read';
    if (failed === null || isReached || kind % (2 * KINDS) < KINDS) return { place, status, count };
    return { place, status: 'failed', count, error: failed.error };
  });
}
