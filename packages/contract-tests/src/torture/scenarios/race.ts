import { askAgainAndAgain } from '../asker.ts';
import { castOf } from '../cast.ts';
import type { Verdict } from '../check/verdict.ts';
import { Ledger } from '../ledger.ts';
import type { Random } from '../random.ts';
import { dropAndResume } from '../readers/drops.ts';
import { reportAgainAndAgain } from '../reporter.ts';
import { write } from '../writer.ts';
import { Arena } from './arena.ts';
import { crowdOf } from './crowd.ts';
import { finish } from './finish.ts';

export interface RaceOptions {
  random: Random;
  writers: number;
  readers: number;
  durationMs: number;
}

/**
 * Small enough for every path to be taken often: short lives, heartbeats all the time, little memory of recent events
 * (so that some resumes are served from it and some from the store), and bursts that outrun a socket.
 */
const SMALL = { heartbeatMs: 300, lifetimeMs: 4_000, maxBufferedBytes: 65_536, ringBytes: 131_072 };

/** Writers race on one tenant, and beside them some ask and report runs, while readers connect, drop and resume. */
export async function race({ random, writers, readers, durationMs }: RaceOptions): Promise<Verdict> {
  const arena = await Arena.open(SMALL);
  try {
    const { target } = arena;
    const cast = castOf(random.fork('cast'), 12);
    const crowd = crowdOf([target], cast, random.fork('crowd'), readers);
    const ledger = new Ledger();
    const over = AbortSignal.timeout(durationMs);
    const dropping = { upMs: 3_000, downMs: 1_500, forgetting: 0.1 };
    const scene = { cast, ledger, writing: { restMs: 150, cutting: 0.15 } };
    await Promise.all([
      ...crowd.map((reader, index) => dropAndResume(reader, random.fork(`drops ${index}`), dropping, over)),
      ...Array.from({ length: writers }, (_, index) => write([target], index, random.fork(`w${index}`), scene, over)),
      ...[0, 1].map((index) => askAgainAndAgain([target], index, random.fork(`q${index}`), scene, over)),
      ...[0, 1, 2].map((index) => reportAgainAndAgain([target], index, random.fork(`r${index}`), scene, over)),
    ]);
    return await finish(arena, ledger, crowd);
  } finally {
    await arena.close();
  }
}
