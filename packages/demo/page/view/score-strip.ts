import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { tally } from '../tally.ts';
import type { World } from '../world.ts';
import { belfryWords, chip } from './connection-chip.ts';
import { el, setText } from './dom.ts';

type AnyLane = BelfryLane | ByHandLane;

/** On a phone the lanes lie below the buttons: one line at the lower edge shows what a button does to them. */
export function scoreStrip(
  place: HTMLElement,
  belfry: readonly BelfryLane[],
  byHand: readonly ByHandLane[],
  world: World,
) {
  const people = belfry.map((lane) => ({ lane, chip: chip() }));
  const lost = el('span', { class: 'strip-lost' });
  for (const { lane, chip } of people) {
    chip.element.removeAttribute('role');
    place.append(el('span', {}, `${lane.person.name} `, chip.element));
  }
  place.append(lost);
  const lostOn = (lane: AnyLane, way: 'belfry' | 'byHand'): number =>
    tally(world.sentTo(lane.person.user), way, lane.receipts, lane.progress, Date.now()).lost;
  return (): void => {
    for (const { lane, chip } of people) chip.set(...belfryWords(lane.status));
    const [ours, theirs] = [belfry, byHand].map((lanes, at) =>
      lanes.reduce((sum, lane) => sum + lostOn(lane, at === 0 ? 'belfry' : 'byHand'), 0),
    );
    setText(lost, `Lost: ${ours} Belfry, ${theirs} by hand`);
  };
}
