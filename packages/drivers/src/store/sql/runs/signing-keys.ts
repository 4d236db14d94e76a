import type { ReadOp, WriteOp } from '../context.ts';

export const signingKeys: ReadOp<'signingKeys'> = async ({ db, now }) => {
  const rows = await db
    .selectFrom('signing_keys')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('secret')
    .execute();
  return rows.map(({ secret, created_at }) => ({ secret, age: now - created_at }));
};

/** Two processes that start at once make one each; both are good. */
export const addSigningKey: WriteOp<'addSigningKey'> = async ({ db, now }, { secret, maxAgeMs }) => {
  await db.insertInto('signing_keys').values({ secret, created_at: now }).execute();
  await db
    .deleteFrom('signing_keys')
    .where('created_at', '<=', now - maxAgeMs)
    .execute();
  return null;
};
