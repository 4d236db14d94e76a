import type { InboxSnapshot } from '@belfry/client';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { tally } from '../tally.ts';
import type { World } from '../world.ts';
import { bell } from './bell.ts';
import { arrival, belfryWords, chip } from './connection-chip.ts';
import { button, el, setText } from './dom.ts';
import { keyedList } from './keyed-list.ts';
import { notificationRow } from './notification-row.ts';
import type { ShownTimes } from './shown-times.ts';
import { clockTime } from './times.ts';

const SKELETON_ROWS = 4;

/** A person's bell, inbox and connection. Answers what to call when time has passed or the counts may differ. */
export function inboxView(section: HTMLElement, lane: BelfryLane, world: World, run: string, shown: ShownTimes) {
  const { client, person } = lane;
  const { inbox } = client;
  const personBell = bell(person.name);
  const state = chip();
  const came = el('p', { class: 'arrival', role: 'status' });
  const note = el('p', { class: 'note' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const list = el('ul', { class: 'items' });
  const empty = el('p', { class: 'empty' }, `Nothing yet. Send ${person.name} something.`);
  const skeleton = skeletonRows();
  const readAll = button('Read all', () => void inbox.readAll(), { class: 'quiet' });
  const more = button('Load more', () => void inbox.loadMore(), { class: 'quiet more' });
  const rows = keyedList(
    list,
    ({ id }: InboxSnapshot['items'][number]) => id,
    (item) => notificationRow(item, inbox, run),
  );
  let liveAt = Date.now();

  section.append(
    el(
      'header',
      { class: 'lane-head' },
      personBell.element,
      el('h2', {}, person.name),
      el('span', { class: 'via' }, 'with Belfry'),
      readAll,
      state.element,
    ),
    came,
    note,
    problem,
    el(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${person.name}’s notifications` },
      skeleton,
      empty,
      list,
      more,
    ),
  );

  const render = (): void => {
    const { items, unread, nextCursor, loading, error } = inbox.getSnapshot();
    const { status } = lane;
    const live = status.value === 'live';
    if (live) liveAt = Date.now();
    const began = items.length > 0 || !loading;
    personBell.set(unread);
    state.set(...belfryWords(status));
    setText(
      came,
      arrival(status, tally(world.sentTo(person.user), 'belfry', lane.receipts, lane.progress, Date.now())) ??
        waitingWords(status.value),
    );
    came.dataset.tone = live && status.resumed ? 'good' : '';
    readAll.disabled = unread === 0;
    skeleton.hidden = began;
    empty.hidden = !began || items.length > 0;
    more.hidden = nextCursor === null;
    more.disabled = loading;
    note.hidden = live || !began;
    setText(note, `Shows what was here at ${clockTime(liveAt)}.`);
    const refused = error !== null && (live || error.code !== 'unavailable');
    problem.hidden = !refused;
    setText(problem, refused ? error.message : '');
    rows(items);
    shown.note(person.user, items, run);
  };
  inbox.subscribe(render);
  lane.watch(render);
  return render;
}

function waitingWords(value: BelfryLane['status']['value']): string {
  return value === 'reconnecting' || value === 'offline' ? 'Cut off; trying again by itself' : 'Asking for the inbox';
}

function skeletonRows(): HTMLElement {
  const rows = Array.from({ length: SKELETON_ROWS }, () => el('div', { class: 'skeleton-row' }));
  return el('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...rows);
}
