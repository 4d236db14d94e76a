import type { SentMessage } from '../../src/wire.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { type Fate, fateOf, tally } from '../tally.ts';
import type { World } from '../world.ts';
import { byHandWords, chip } from './connection-chip.ts';
import { el, setText } from './dom.ts';
import { keyedList, type Row } from './keyed-list.ts';

const ROWS = 60;

const MARKS: Readonly<Record<Fate, readonly [sign: string, word: string]>> = {
  received: ['✓', 'arrived'],
  waiting: ['…', 'waiting'],
  lost: ['✗', 'lost'],
  unsent: ['…', 'not sent yet'],
};

/** The third lane: what became of each message on the hand-written route. Answers what to call as time passes. */
export function byHandView(section: HTMLElement, lanes: readonly ByHandLane[], world: World, source: string) {
  const chips = lanes.map((lane) => ({ lane, chip: chip() }));
  const verdict = el('p', { class: 'arrival', role: 'status' });
  const empty = el('p', { class: 'empty' }, 'Nothing yet. What Ada and Ben are sent goes here too.');
  const list = el('ol', { class: 'log' });
  const rows = keyedList(
    list,
    ({ seq }: SentMessage) => String(seq),
    (message) => logRow(message, lanes),
  );
  section.append(
    el('header', { class: 'lane-head' }, el('h2', { id: 'by-hand-title' }, 'The route you would write by hand')),
    el(
      'div',
      { class: 'lane-chips' },
      ...chips.map((one) => el('span', {}, `${one.lane.person.name} `, one.chip.element)),
    ),
    verdict,
    el(
      'details',
      { class: 'source' },
      el('summary', {}, `Its code, all ${lineCount(source)} lines`),
      el('pre', { tabindex: '0' }, el('code', {}, source)),
    ),
    el(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'What became of each message by hand' },
      empty,
      list,
    ),
  );

  const render = (): void => {
    const now = Date.now();
    for (const { lane, chip: one } of chips) one.set(...byHandWords(lane.status));
    const messages = world.counted();
    const counts = lanes.map((lane) =>
      tally(world.sentTo(lane.person.user), 'byHand', lane.receipts, lane.progress, now),
    );
    const lost = counts.reduce((sum, one) => sum + one.lost, 0);
    section.classList.toggle('lossy', lost > 0);
    setText(verdict, verdictOf(messages.length, lost));
    empty.hidden = messages.length > 0;
    rows(messages.slice(-ROWS).reverse());
  };
  for (const lane of lanes) lane.watch(render);
  return render;
}

function verdictOf(sent: number, lost: number): string {
  if (lost > 0) return `${lost} lost for good: nobody kept them`;
  return sent === 0 ? 'A Map of responses, no ids, no store' : 'Nothing lost so far';
}

/** One message, with a mark for each person it was sent to. */
function logRow({ seq, to, title }: SentMessage, lanes: readonly ByHandLane[]): Row<SentMessage> {
  const marks = lanes
    .filter(({ person }) => to === 'all' || to === person.user)
    .map((lane) => ({ lane, element: el('span', { class: 'fate' }) }));
  const element = el(
    'li',
    {},
    el('span', { class: 'seq' }, `#${seq}`),
    el('span', { class: 'log-title' }, title),
    ...marks.map((mark) => mark.element),
  );
  return {
    element,
    update: (message) => {
      for (const { lane, element: mark } of marks) {
        const fate = fateOf(message, 'byHand', lane.receipts, lane.progress, Date.now());
        const [sign, word] = MARKS[fate];
        mark.dataset.fate = fate;
        setText(mark, `${lane.person.name} ${sign} ${word}`);
      }
    },
  };
}

function lineCount(source: string): number {
  return source.trimEnd().split('\n').length;
}
