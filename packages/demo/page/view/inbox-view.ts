import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { World } from '../world.ts';
import { accessLine } from './access-line.ts';
import { arrivalLine } from './arrival-line.ts';
import { bell } from './bell.ts';
import { belfryWords, chip } from './connection-chip.ts';
import { button, el } from './dom.ts';
import { inboxList } from './inbox-list.ts';
import { ProblemLine } from './problem-line.ts';
import { questionList } from './question-list.ts';
import { runStrip } from './run-strip.ts';
import type { ShownTimes } from './shown-times.ts';

/** A person's bell, inbox and connection. Answers what to call when time has passed or the counts may differ. */
export function inboxView(section: HTMLElement, lane: BelfryLane, world: World, demoRun: string, shown: ShownTimes) {
  const { inbox } = lane.client;
  const { user, name } = lane.person;
  const personBell = bell(name);
  const state = chip();
  const arrival = arrivalLine(lane, world);
  const problem = new ProblemLine(lane, world);
  const access = accessLine(lane, world);
  const questions = questionList(lane, problem);
  const run = runStrip(lane);
  const list = inboxList(lane, demoRun, problem);
  const readAll = button('Read all', () => void problem.follow('marked', inbox.readAll()), { class: 'quiet' });
  const title = el('div', { class: 'lane-name' }, el('h2', {}, name), el('span', { class: 'via' }, 'with Belfry'));
  const head = el('header', { class: 'lane-head' }, personBell.element, title, readAll, state.element);
  const parts = [arrival, access, problem, questions, run, list];
  section.append(head, ...parts.map(({ element }) => element));

  const render = (): void => {
    const snapshot = inbox.getSnapshot();
    personBell.set(snapshot.unread);
    state.set(...belfryWords(lane.status));
    arrival.render();
    readAll.disabled = snapshot.unread === 0;
    for (const part of [access, problem, questions, run]) part.render();
    list.render(snapshot);
    shown.note(user, snapshot.items, demoRun);
  };
  inbox.subscribe(render);
  lane.held.watch(render);
  lane.watch(render);
  return render;
}
