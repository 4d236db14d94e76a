import type { Lane } from '../../src/wire.ts';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { type Tally, tally } from '../tally.ts';
import type { World } from '../world.ts';
import { button, el, setText } from './dom.ts';

const COLUMNS: readonly (readonly [key: keyof Tally, label: string])[] = [
  ['sent', 'Sent'],
  ['received', 'Received'],
  ['waiting', 'Waiting'],
  ['lost', 'Lost'],
  ['doubled', 'Doubled'],
  ['disordered', 'Out of order'],
];

const FAULTS: ReadonlySet<keyof Tally> = new Set(['lost', 'doubled', 'disordered']);

interface Line {
  lane: BelfryLane | ByHandLane;
  way: Lane;
  cells: Map<keyof Tally, HTMLElement>;
}

/** What was sent and what came, for each person and lane. Answers what to call when that may have changed. */
export function scoreboard(
  section: HTMLElement,
  belfry: readonly BelfryLane[],
  byHand: readonly ByHandLane[],
  world: World,
  countAnew: () => void,
) {
  const lines = [...belfry.map((lane) => line(lane, 'belfry')), ...byHand.map((lane) => line(lane, 'byHand'))];
  const head = COLUMNS.map(([, label]) => el('th', { scope: 'col' }, label));
  const anew = button('Count anew', countAnew, { class: 'quiet' });
  section.append(
    el('div', { class: 'card-head' }, el('h2', { id: 'score-title' }, 'The score'), anew),
    el(
      'table',
      { class: 'score' },
      el('thead', {}, el('tr', {}, el('td'), ...head)),
      el('tbody', {}, ...lines.map(rowOf)),
    ),
    el(
      'p',
      { class: 'hint' },
      'Each message has a number. Sent: answered 2xx. Lost: sent, connected again, never came. Out of order: came after a later number.',
    ),
  );
  return (): void => {
    anew.disabled = !world.watching;
    for (const { lane, way, cells } of lines) {
      const counts = tally(world.sentTo(lane.person.user), way, lane.receipts, lane.progress, Date.now());
      for (const [key, cell] of cells) {
        setText(cell, world.countFrom === null ? '–' : String(counts[key]));
        cell.classList.toggle('wrong', FAULTS.has(key) && counts[key] > 0);
      }
    }
  };
}

function line(lane: BelfryLane | ByHandLane, way: Lane): Line {
  const cells = COLUMNS.map(([key]) => [key, el('td', { 'data-count': key })] as const);
  return { lane, way, cells: new Map(cells) };
}

function rowOf({ lane, way, cells }: Line): HTMLElement {
  const name = el('th', { scope: 'row' }, lane.person.name, el('span', {}, way === 'belfry' ? 'Belfry' : 'by hand'));
  return el('tr', { 'data-lane': way, 'data-person': lane.person.user }, name, ...cells.values());
}
