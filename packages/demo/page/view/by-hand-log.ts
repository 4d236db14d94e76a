import type { SentMessage } from '../../src/wire.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { type Fate, fateOf } from '../tally.ts';
import { el, setText } from './dom.ts';
import { keyedList, type Row } from './keyed-list.ts';

const MOST_ROWS = 60;

const MARKS: Readonly<Record<Fate, string>> = {
  received: '✓ arrived',
  waiting: '… waiting',
  lost: '✗ lost',
  unsent: '… not sent yet',
};

/** What became of each message on the hand-written route, the newest first. */
export function byHandLog(lanes: readonly ByHandLane[]) {
  const empty = el('p', { class: 'empty' }, 'Nothing yet. What Ada and Ben are sent goes here too.');
  const list = el('ol', { class: 'log' });
  const rows = keyedList(
    list,
    ({ seq }: SentMessage) => String(seq),
    (message) => logRow(message, lanes),
  );
  const region = {
    class: 'scroll',
    tabindex: '0',
    role: 'region',
    'aria-label': 'What became of each message by hand',
  };
  return {
    element: el('div', region, empty, list),
    render: (messages: readonly SentMessage[]): void => {
      empty.hidden = messages.length > 0;
      rows(messages.slice(-MOST_ROWS).reverse());
    },
  };
}

/** One message, with a mark for each person it was sent to. */
function logRow({ seq, to, title }: SentMessage, lanes: readonly ByHandLane[]): Row<SentMessage> {
  const marks = lanes
    .filter(({ person }) => to === 'all' || to === person.user)
    .map((lane) => ({ lane, element: el('span', { class: 'fate' }) }));
  const name = [el('span', { class: 'seq' }, `#${seq}`), el('span', { class: 'log-title' }, title)];
  return {
    element: el('li', {}, ...name, el('span', { class: 'fates' }, ...marks.map(({ element }) => element))),
    update: (message) => {
      for (const { lane, element } of marks) {
        const fate = fateOf(message, 'byHand', lane.receipts, lane.progress, Date.now());
        element.dataset.fate = fate;
        setText(element, `${lane.person.name} ${MARKS[fate]}`);
      }
    },
  };
}
