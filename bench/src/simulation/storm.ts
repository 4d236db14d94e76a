import type { Random } from '@belfry/contract-tests/random';

export interface Storm {
  /** Streams that were lost at once. */
  streams: number;
  /** Connects a second that those who are left can take beside what else they do. */
  perSecond: number;
}

export interface StormResult {
  /** Until 99 % and all are back. Seconds. */
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
  const attempts = new Attempts(random);
  for (let stream = 0; stream < streams; stream += 1) attempts.add(0, 0);
  let [back, queued, refused, most, step] = [0, 0, 0, 0, 0];
  // Parts of a connect are carried from step to step.
  while (streams - back >= 0.5 && step * STEP < GIVE_UP) {
    step += 1;
    for (const attempt of attempts.dueAt(step)) {
      if (queued < perSecond * PATIENCE) queued += 1;
      else {
        refused += 1;
        attempts.add(attempt + 1, step);
      }
    }
    const served = Math.min(queued, perSecond * STEP);
    queued -= served;
    back += served;
    if (most === 0 && back >= streams * 0.99) most = step * STEP;
  }
  return { most, all: step * STEP, refused: refused / streams };
}

/** When clients try next, by steps; of each, which attempt it is. */
class Attempts {
  readonly #random: Random;
  readonly #due = new Map<number, number[]>();

  constructor(random: Random) {
    this.#random = random;
  }

  add(attempt: number, step: number): void {
    const most = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
    const at = step + Math.floor((this.#random.next() * most) / STEP) + 1;
    const others = this.#due.get(at);
    if (others === undefined) this.#due.set(at, [attempt]);
    else others.push(attempt);
  }

  dueAt(step: number): readonly number[] {
    const attempts = this.#due.get(step) ?? [];
    this.#due.delete(step);
    return attempts;
  }
}
