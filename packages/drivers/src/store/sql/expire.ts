import type { WriteOp } from './context.ts';
import { expireQuestions } from './questions/expire.ts';
import { withdrawExpired } from './withdraw.ts';

/** Questions first: they are fewer, and someone waits for each. */
export const expire: WriteOp<'expire'> = async (context, { limit }) => {
  const questions = await expireQuestions(context, limit);
  const notifications = questions < limit ? await withdrawExpired(context, limit - questions) : 0;
  return { expired: questions + notifications };
};
