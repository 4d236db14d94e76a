import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Reader } from './reader.ts';

export interface Dropping {
  /** How long a connection lasts at most. Milliseconds. */
  upMs: number;
  /** How long it stays away at most. */
  downMs: number;
  /** How often the position is thrown away. */
  forgetting: number;
}

/** Tears a reader off and puts it back, again and again, until the signal; then leaves it connected. */
export async function dropAndResume(
  reader: Reader,
  random: Random,
  { upMs, downMs, forgetting }: Dropping,
  signal: AbortSignal,
): Promise<void> {
  reader.start();
  while (await pause(random.int(0, upMs), signal)) {
    reader.drop();
    if (random.chance(forgetting)) reader.forget();
    if (random.chance(0.7)) await pause(random.int(0, downMs), signal);
    reader.start();
  }
}
