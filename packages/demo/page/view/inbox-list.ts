import type { InboxSnapshot } from '@belfry/client';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { button, el } from './dom.ts';
import { keyedList } from './keyed-list.ts';
import { notificationRow } from './notification-row.ts';
import type { ProblemLine } from './problem-line.ts';

const SKELETON_ROWS = 4;

/** The notifications of one person, and what stands there while there are none. */
export function inboxList({ client: { inbox }, person }: BelfryLane, run: string, problem: ProblemLine) {
  const list = el('ul', { class: 'items' });
  const empty = el('p', { class: 'empty' }, `Nothing yet. Send ${person.name} something, or press Kill the server.`);
  const skeleton = skeletonRows();
  const more = button('Load more', () => void problem.follow('loaded', inbox.loadMore()), { class: 'quiet more' });
  const rows = keyedList(
    list,
    ({ id }: InboxSnapshot['items'][number]) => id,
    (item) => notificationRow(item, inbox, run, problem),
  );
  const region = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${person.name}’s notifications` };
  return {
    element: el('div', region, skeleton, empty, list, more),
    render: ({ items, loading, nextCursor }: InboxSnapshot): void => {
      const known = items.length > 0 || !loading;
      skeleton.hidden = known;
      empty.hidden = !known || items.length > 0;
      more.hidden = nextCursor === null;
      more.disabled = loading;
      rows(items);
    },
  };
}

function skeletonRows(): HTMLElement {
  const rows = Array.from({ length: SKELETON_ROWS }, () => el('div', { class: 'skeleton-row' }));
  return el('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...rows);
}
