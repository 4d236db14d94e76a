import type { PageConfig } from '../src/wire.ts';
import { Changes } from './changes.ts';
import { Control } from './control.ts';
import { countFromNow, countOnceOpen } from './counting.ts';
import { BelfryLane } from './lanes/belfry-lane.ts';
import { ByHandLane } from './lanes/by-hand-lane.ts';
import { ShownTimes } from './lanes/shown-times.ts';
import { followSupervisor } from './supervision.ts';
import { World } from './world.ts';

/** All that the page shows, and what its buttons call. */
export interface Demo {
  readonly config: PageConfig;
  readonly world: World;
  readonly control: Control;
  readonly belfry: readonly BelfryLane[];
  readonly byHand: readonly ByHandLane[];
  readonly shown: ShownTimes;
  /** Changes with any of these, and with time. */
  readonly changes: Changes;
  countAnew: () => void;
}

/** Connects everybody, and begins to count. */
export function openDemo(config: PageConfig): Demo {
  const { run, people } = config;
  const world = new World();
  const control = new Control(config.control);
  const shown = new ShownTimes();
  const belfry = people.map((person) => new BelfryLane(person, run));
  const byHand = people.map((person) => new ByHandLane(person));
  const lanes = [...belfry, ...byHand];
  world.watching = true;
  countOnceOpen(lanes, world, control);
  void followSupervisor(control, world, run);
  const changes = new Changes([world, shown, ...lanes]);
  const countAnew = (): void => void countFromNow(world, control).catch(() => {});
  return { config, world, control, belfry, byHand, shown, changes, countAnew };
}
