import type { Random } from '@belfry/contract-tests/random';

export interface Storm {
  /** Streams that were lost at once. */
  streams: number;
  /** Connects a second that those who are left can take beside what else they do. */
  perSecond: number;
}

export interface StormResult {
  /** Until half, 99 % and all are back. Seconds. */
  half: number;
  most: number;
  all: number;
  /** Attempts that were turned away, for each stream. */
  refused: number;
}

const STEP = 0.05;
/** A client waits for so long for an answer; a server turns away who would have to. Seconds. */
const PATIENCE = 10;
/** Full jitter: anywhere from now to this, doubled with each attempt. Seconds. */
const FIRST_DELAY = 1;
const LONGEST_DELAY = 30;
const GIVE_UP = 3_600;

/** All come back by themselves, each after a wait by chance. Who is turned away waits longer. */
export function stormOf({ streams, perSecond }: Storm, random: Random): StormResult {
  const due = new Map<number, number[]>();
  const waitFor = (attempt: number, now: number) => {
    const most = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
    const at = Math.floor((now + random.next() * most) / STEP) + 1;
    const there = due.get(at);
    if (there === undefined) due.set(at, [attempt]);
    else there.push(attempt);
  };
  for (let stream = 0; stream < streams; stream += 1) waitFor(0, 0);
  const times = { half: 0, most: 0, all: 0 };
  let [back, queued, refused] = [0, 0, 0];
  for (let step = 1; back < streams && step * STEP < GIVE_UP; step += 1) {
    const now = step * STEP;
    for (const attempt of due.get(step) ?? []) {
      if (queued < perSecond * PATIENCE) queued += 1;
      else {
        refused += 1;
        waitFor(attempt + 1, now);
      }
    }
    due.delete(step);
    const served = Math.min(queued, perSecond * STEP);
    queued -= served;
    back += served;
    // Parts of a connect are carried from step to step.
    if (streams - back < 0.5) back = streams;
    if (times.half === 0 && back >= streams / 2) times.half = now;
    if (times.most === 0 && back >= streams * 0.99) times.most = now;
    times.all = now;
  }
  return { ...times, refused: refused / streams };
}
