import { LIMITS } from '@belfry/protocol';
import type { ReadOp, WriteContext, WriteOp } from '../context.ts';
import { checkAt, findLog } from '../log/position.ts';

export const acked: ReadOp<'acked'> = async (context, { tenant, user, device }) => {
  const log = await findLog(context, tenant);
  if (log === null) return null;
  const row = await context.db
    .selectFrom('acks')
    .select(['n', 'check_value'])
    .where('log', '=', log)
    .where('person', '=', user)
    .where('device', '=', device)
    .executeTakeFirst();
  return row ? { n: row.n, check: row.check_value } : null;
};

/** A number that has no event, past the head or long deleted, can't be resumed from and is not kept. */
export const ack: WriteOp<'ack'> = async (context, { tenant, user, device, n }) => {
  const log = await findLog(context, tenant);
  const check = log === null ? null : await checkAt(context, log, n);
  if (log === null || check === null) return null;
  const place = { n, check_value: check, at: context.now };
  await context.db
    .insertInto('acks')
    .values({ log, person: user, device, ...place })
    .onConflict((conflict) => conflict.columns(['log', 'person', 'device']).doUpdateSet(place).where('acks.n', '<', n))
    .execute();
  await forgetStalest(context, log, user, device);
  return null;
};

async function forgetStalest(context: WriteContext, log: number, user: string, device: string): Promise<void> {
  const others = await context.db
    .selectFrom('acks')
    .select('device')
    .where('log', '=', log)
    .where('person', '=', user)
    .where('device', '!=', device)
    .orderBy('at', 'desc')
    .orderBy('n', 'desc')
    .execute();
  const stale = others.slice(LIMITS.devices - 1).map((row) => row.device);
  if (stale.length === 0) return;
  await context.db
    .deleteFrom('acks')
    .where('log', '=', log)
    .where('person', '=', user)
    .where('device', 'in', stale)
    .execute();
}
