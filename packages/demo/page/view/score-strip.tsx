import { BelfryProvider, Bell } from '@belfry/react';
import type { ReactNode } from 'react';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { tally } from '../tally.ts';
import type { World } from '../world.ts';
import { BelfryChip } from './connection-chip.tsx';
import { useDemo } from './use-demo.ts';

/** On a phone the lanes lie below the buttons: one line at the lower edge shows what a button does to them. */
export function ScoreStrip(): ReactNode {
  const { belfry, byHand, world } = useDemo();
  const ours = belfry.reduce((sum, lane) => sum + lostOn(lane, 'belfry', world), 0);
  const theirs = byHand.reduce((sum, lane) => sum + lostOn(lane, 'byHand', world), 0);
  return (
    <aside className="strip" aria-label="At a glance">
      {belfry.map((lane) => (
        <Person key={lane.person.user} lane={lane} />
      ))}
      <span className="strip-lost">
        Lost: {ours} Belfry, {theirs} by hand
      </span>
    </aside>
  );
}

/** Somebody's bell, which leads to their lane. */
function Person({ lane }: { lane: BelfryLane }): ReactNode {
  const { user, name } = lane.person;
  return (
    <span className="strip-person">
      <BelfryProvider client={lane.client}>
        <Bell onClick={() => document.getElementById(user)?.scrollIntoView()} />
      </BelfryProvider>
      {name} <BelfryChip status={lane.status} silent />
    </span>
  );
}

function lostOn(
  { person, receipts, progress }: BelfryLane | ByHandLane,
  way: 'belfry' | 'byHand',
  world: World,
): number {
  return tally(world.sentTo(person.user), way, receipts, progress, Date.now()).lost;
}
