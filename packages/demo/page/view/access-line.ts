import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { World } from '../world.ts';
import { el, setText } from './dom.ts';

/** Says which topic somebody was taken out of, as their own stream told it. */
export function accessLine({ held }: BelfryLane, world: World) {
  const element = el('p', { class: 'access', role: 'status' });
  return {
    element,
    render: (): void => {
      const { channel } = world.topic;
      const lost = channel !== '' && held.lacks(channel);
      setText(element, lost ? `No longer in ${channel}: its items are gone, and new ones stay away.` : '');
      element.hidden = !lost;
    },
  };
}
