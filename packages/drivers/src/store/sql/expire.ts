import type { WriteOp } from './context.ts';
import { interruptSilent } from './interrupt.ts';
import { expireQuestions } from './questions/expire.ts';
import { withdrawExpired } from './withdraw.ts';

/** Questions first: they are fewer, and someone waits for each. */
export const expire: WriteOp<'expire'> = async (context, { limit }) => {
  const questions = await expireQuestions(context, limit);
  const runs = questions < limit ? await interruptSilent(context, limit - questions) : 0;
  const left = limit - questions - runs;
  return { expired: questions + runs + (left > 0 ? await withdrawExpired(context, left) : 0) };
};
