import type { Control } from './control.ts';
import type { BelfryLane } from './lanes/belfry-lane.ts';
import type { ByHandLane } from './lanes/by-hand-lane.ts';
import type { World } from './world.ts';

/**
 * Starts the count when all lanes are open for the first time, so that none is blamed for what went out before it
 * could listen.
 */
export function countOnceOpen(lanes: readonly (BelfryLane | ByHandLane)[], world: World, control: Control): void {
  let asked = false;
  const look = (): void => {
    if (asked || !lanes.every(({ progress }) => progress.caughtUp)) return;
    asked = true;
    countFromNow(world, control).catch(() => {
      asked = false;
    });
  };
  for (const lane of lanes) lane.watch(look);
}

/** Counts what is sent from here on. */
export async function countFromNow(world: World, control: Control): Promise<void> {
  world.startCounting((await control.snapshot()).nextSeq);
}
