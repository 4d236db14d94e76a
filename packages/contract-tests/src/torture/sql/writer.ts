import type { Cast } from '../cast.ts';
import type { Ledger } from '../ledger.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import { drawPlan } from './plan.ts';
import { SqlSession } from './session.ts';
import { runTransaction } from './transaction.ts';

export interface SqlWriting {
  /** The longest rest between two transactions. Milliseconds. */
  restMs: number;
  /** How often a transaction stays open, and for how long at most. */
  holding: { chance: number; ms: number };
}

/** Publishes one transaction after the other until the signal, on a connection that it makes anew when it is lost. */
export async function writeSql(
  url: string,
  writer: number,
  random: Random,
  { cast, ledger, writing }: { cast: Cast; ledger: Ledger; writing: SqlWriting },
  signal: AbortSignal,
): Promise<void> {
  let session: SqlSession | null = null;
  for (let count = 1; !signal.aborted; count += 1) {
    if (session?.isOver) await session.close();
    if (session === null || session.isOver) session = await SqlSession.open(url);
    const holdMs = random.chance(writing.holding.chance) ? random.int(writing.holding.ms / 2, writing.holding.ms) : 0;
    const plan = drawPlan(random, cast, `s${writer}-${count}`, holdMs);
    if (session !== null) await runTransaction(session, writer, plan, ledger, signal);
    await pause(random.int(0, writing.restMs), signal);
  }
  await session?.close();
}
