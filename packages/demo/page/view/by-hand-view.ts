import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { tally } from '../tally.ts';
import type { World } from '../world.ts';
import { byHandLog } from './by-hand-log.ts';
import { byHandWords, chip } from './connection-chip.ts';
import { el, setText } from './dom.ts';

/** The third lane: the hand-written route, its code and what it loses. Answers what to call as time passes. */
export function byHandView(section: HTMLElement, lanes: readonly ByHandLane[], world: World, source: string) {
  const states = lanes.map((lane) => ({ lane, chip: chip() }));
  const verdict = el('p', { class: 'arrival', role: 'status' });
  const log = byHandLog(lanes);
  const labelled = states.map(({ lane, chip }) => el('span', {}, `${lane.person.name} `, chip.element));
  section.append(
    el('header', { class: 'lane-head' }, el('h2', { id: 'by-hand-title' }, 'The route you would write by hand')),
    el('div', { class: 'lane-chips' }, ...labelled),
    verdict,
    sourceDrawer(source),
    log.element,
  );
  const render = (): void => {
    for (const { lane, chip } of states) chip.set(...byHandWords(lane.status));
    const messages = world.counted();
    const lost = lanes.reduce((sum, lane) => sum + lostOn(lane, world), 0);
    section.classList.toggle('lossy', lost > 0);
    setText(verdict, verdictOf(messages.length, lost));
    log.render(messages);
  };
  for (const lane of lanes) lane.watch(render);
  return render;
}

function lostOn({ person, receipts, progress }: ByHandLane, world: World): number {
  return tally(world.sentTo(person.user), 'byHand', receipts, progress, Date.now()).lost;
}

function verdictOf(sent: number, lost: number): string {
  if (lost > 0) return `${lost} lost for good: nobody kept them`;
  return sent === 0 ? 'A Map of responses, no ids, no store' : 'Nothing lost so far';
}

function sourceDrawer(source: string): HTMLElement {
  const lines = source.trimEnd().split('\n').length;
  const code = el('pre', { tabindex: '0' }, el('code', {}, source));
  return el('details', { class: 'source' }, el('summary', {}, `Its code, all ${lines} lines`), code);
}
