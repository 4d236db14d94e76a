import type { ReactNode } from 'react';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { useDemo } from './use-demo.ts';

/** Says which topic somebody was taken out of, as their own stream told it. */
export function AccessLine({ lane }: { lane: BelfryLane }): ReactNode {
  const { channel } = useDemo().world.topic;
  if (channel === '' || !lane.access.lacks(channel)) return null;
  return (
    <p className="access" role="status">
      No longer in {channel}: its items are gone, and new ones stay away.
    </p>
  );
}
