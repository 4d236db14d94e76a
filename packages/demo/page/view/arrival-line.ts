import type { Status } from '@belfry/client';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { type Tally, tally } from '../tally.ts';
import type { World } from '../world.ts';
import { el, setText } from './dom.ts';
import { clockTime } from './times.ts';

/** A line on how the present connection began, or on how old what is shown is while there is none. */
export function arrivalLine(lane: BelfryLane, world: World): { element: HTMLElement; render: () => void } {
  const element = el('p', { class: 'arrival', role: 'status' });
  let liveAt = Date.now();
  return {
    element,
    render: () => {
      const { status, progress, receipts, person } = lane;
      if (progress.caughtUp) liveAt = Date.now();
      const counts = tally(world.sentTo(person.user), 'belfry', receipts, progress, Date.now());
      setText(element, progress.caughtUp ? begun(status, counts) : awaited(status, liveAt));
      element.dataset.tone = toneOf(status);
    },
  };
}

function begun({ resumed, stateReason, caughtUp }: Status, { lost, doubled }: Tally): string {
  if (resumed) return `Resumed, ${caughtUp} caught up, ${lost} lost, ${doubled} doubled`;
  return stateReason === 'new' ? 'Began with the inbox as it is' : 'Began anew with the inbox as it is';
}

function awaited({ value }: Status, liveAt: number): string {
  const wasLive = value === 'reconnecting' || value === 'offline';
  return wasLive ? `Cut off. Shows what was here at ${clockTime(liveAt)}.` : 'Asking for the inbox';
}

function toneOf({ value, resumed }: Status): string {
  if (value === 'live') return resumed ? 'good' : '';
  return value === 'connecting' ? '' : 'busy';
}
