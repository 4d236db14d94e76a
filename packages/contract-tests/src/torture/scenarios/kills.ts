import { castOf } from '../cast.ts';
import type { Verdict } from '../check/verdict.ts';
import { Ledger } from '../ledger.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import { dropAndResume } from '../readers/drops.ts';
import type { ServerProcess } from '../server/server-process.ts';
import { write } from '../writer.ts';
import { Arena } from './arena.ts';
import { crowdOf } from './crowd.ts';
import { finish } from './finish.ts';

export interface KillsOptions {
  random: Random;
  writers: number;
  readers: number;
  kills: number;
  /** Of these, how many fall between a commit and its answer. */
  betweenCommitAndAnswer: number;
}

/** The server is killed again and again under load, and comes back on the same folder and port. */
export async function kills(options: KillsOptions): Promise<Verdict> {
  const { random, writers, readers } = options;
  const arena = await Arena.open({ heartbeatMs: 300 });
  try {
    const { target, server } = arena;
    const cast = castOf(random.fork('cast'), 8);
    const crowd = crowdOf([target], cast, random.fork('crowd'), readers);
    const ledger = new Ledger();
    const over = new AbortController();
    const { signal } = over;
    const dropping = { upMs: 4_000, downMs: 500, forgetting: 0.1 };
    const scene = { cast, ledger, writing: { restMs: 60, cutting: 0.05 } };
    await Promise.all([
      killAgainAndAgain(server, options).finally(() => over.abort()),
      ...crowd.map((reader, index) => dropAndResume(reader, random.fork(`drops ${index}`), dropping, signal)),
      ...Array.from({ length: writers }, (_, index) => write([target], index, random.fork(`w${index}`), scene, signal)),
    ]);
    return await finish(arena, ledger, crowd);
  } finally {
    await arena.close();
  }
}

async function killAgainAndAgain(server: ServerProcess, options: KillsOptions): Promise<void> {
  const random = options.random.fork('kills');
  const between = Array.from({ length: options.kills }, (_, index) => index < options.betweenCommitAndAnswer);
  for (const isBetween of random.shuffled(between)) {
    server.prepare();
    if (isBetween) await killBetween(server, random);
    else await killFromOutside(server, random);
    await server.start();
  }
}

async function killFromOutside(server: ServerProcess, random: Random): Promise<void> {
  await pause(random.int(20, 500));
  await server.kill();
}

async function killBetween(server: ServerProcess, random: Random): Promise<void> {
  server.crashAfter(random.int(1, 60));
  await server.ended();
}
