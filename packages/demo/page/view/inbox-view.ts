import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { World } from '../world.ts';
import { arrivalLine } from './arrival-line.ts';
import { bell } from './bell.ts';
import { belfryWords, chip } from './connection-chip.ts';
import { button, el } from './dom.ts';
import { inboxList } from './inbox-list.ts';
import { ProblemLine } from './problem-line.ts';
import type { ShownTimes } from './shown-times.ts';

/** A person's bell, inbox and connection. Answers what to call when time has passed or the counts may differ. */
export function inboxView(section: HTMLElement, lane: BelfryLane, world: World, run: string, shown: ShownTimes) {
  const { inbox } = lane.client;
  const { user, name } = lane.person;
  const personBell = bell(name);
  const state = chip();
  const arrival = arrivalLine(lane, world);
  const problem = new ProblemLine(lane, world);
  const list = inboxList(lane, run, problem);
  const readAll = button('Read all', () => void problem.follow('marked', inbox.readAll()), { class: 'quiet' });
  const title = el('div', { class: 'lane-name' }, el('h2', {}, name), el('span', { class: 'via' }, 'with Belfry'));
  const head = el('header', { class: 'lane-head' }, personBell.element, title, readAll, state.element);
  section.append(head, arrival.element, problem.element, list.element);

  const render = (): void => {
    const snapshot = inbox.getSnapshot();
    personBell.set(snapshot.unread);
    state.set(...belfryWords(lane.status));
    arrival.render();
    readAll.disabled = snapshot.unread === 0;
    problem.render();
    list.render(snapshot);
    shown.note(user, snapshot.items, run);
  };
  inbox.subscribe(render);
  lane.watch(render);
  return render;
}
