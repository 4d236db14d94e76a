import type { InboxSnapshot } from '@belfry/client';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { World } from '../world.ts';
import { arrivalLine } from './arrival-line.ts';
import { bell } from './bell.ts';
import { belfryWords, chip } from './connection-chip.ts';
import { button, el, setText } from './dom.ts';
import { inboxList } from './inbox-list.ts';
import type { ShownTimes } from './shown-times.ts';

/** A person's bell, inbox and connection. Answers what to call when time has passed or the counts may differ. */
export function inboxView(section: HTMLElement, lane: BelfryLane, world: World, run: string, shown: ShownTimes) {
  const { inbox } = lane.client;
  const { user, name } = lane.person;
  const personBell = bell(name);
  const state = chip();
  const arrival = arrivalLine(lane, world);
  const problem = el('p', { class: 'problem', role: 'alert' });
  const list = inboxList(lane, run);
  const readAll = button('Read all', () => void inbox.readAll(), { class: 'quiet' });
  const title = [el('h2', {}, name), el('span', { class: 'via' }, 'with Belfry')];
  const head = el('header', { class: 'lane-head' }, personBell.element, ...title, readAll, state.element);
  section.append(head, arrival.element, problem, list.element);

  const render = (): void => {
    const snapshot = inbox.getSnapshot();
    personBell.set(snapshot.unread);
    state.set(...belfryWords(lane.status));
    arrival.render();
    readAll.disabled = snapshot.unread === 0;
    setText(problem, problemIn(snapshot));
    problem.hidden = problem.textContent === '';
    list.render(snapshot);
    shown.note(user, snapshot.items, run);
  };
  inbox.subscribe(render);
  lane.watch(render);
  return render;
}

/** A server that is away is said by the chip already. */
function problemIn({ error, status }: InboxSnapshot): string {
  return error !== null && (status === 'live' || error.code !== 'unavailable') ? error.message : '';
}
