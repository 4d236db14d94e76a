import type { Status } from '@belfry/client';
import { type ReactNode, useRef } from 'react';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { caughtUpSince } from '../lanes/outage.ts';
import { type Tally, tally } from '../tally.ts';
import type { World } from '../world.ts';
import { clockTime } from './times.ts';
import { useDemo } from './use-demo.ts';

/** A line on how the present connection began, or on how old what is shown is while there is none. */
export function ArrivalLine({ lane }: { lane: BelfryLane }): ReactNode {
  const { world } = useDemo();
  const { status, progress, receipts, person } = lane;
  const liveAt = useRef(Date.now());
  if (progress.caughtUp) liveAt.current = Date.now();
  const counts = tally(world.sentTo(person.user), 'belfry', receipts, progress, Date.now());
  return (
    <p className="arrival" role="status" data-tone={toneOf(status)}>
      {progress.caughtUp ? begun(status, caughtUp(lane, world), counts) : awaited(status, liveAt.current)}
    </p>
  );
}

/** What came over the new connection for itself also counts where this page knows nothing of it, such as curl's. */
function caughtUp({ status, outage, receipts, person }: BelfryLane, world: World): number {
  if (outage === null) return status.caughtUp;
  return Math.max(status.caughtUp, caughtUpSince(outage, world.everSentTo(person.user), receipts));
}

function begun({ resumed, stateReason }: Status, missed: number, { lost, doubled, disordered }: Tally): string {
  const order = disordered === 0 ? 'in order' : `${disordered} out of order`;
  if (resumed) return `Resumed, ${missed} caught up, ${lost} lost, ${doubled} doubled, ${order}`;
  return stateReason === 'new' ? 'Connected. Nothing missed.' : 'Connected anew, with the inbox as it is now.';
}

function awaited({ value }: Status, liveAt: number): string {
  const wasLive = value === 'reconnecting' || value === 'offline';
  return wasLive ? `Cut off. Shows what was here at ${clockTime(liveAt)}.` : 'Asking for the inbox';
}

function toneOf({ value, resumed }: Status): string {
  if (value === 'live') return resumed ? 'good' : '';
  return value === 'connecting' ? '' : 'busy';
}
