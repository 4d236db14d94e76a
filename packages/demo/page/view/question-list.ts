import type { Question } from '@belfry/protocol';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { el } from './dom.ts';
import { keyedList } from './keyed-list.ts';
import type { ProblemLine } from './problem-line.ts';
import { questionCard } from './question-card.ts';

/** The inbox must stay in sight: who answers one of these sees the next. */
const MOST = 3;

/** What is open for one person, and the last that was closed. */
export function questionList(lane: BelfryLane, problem: ProblemLine) {
  const element = el('ul', { class: 'questions', 'aria-label': `Questions to ${lane.person.name}` });
  const cards = keyedList(
    element,
    ({ id }: Question) => id,
    (question) => questionCard(question, lane, problem),
  );
  return {
    element,
    render: (): void => {
      const shown = shownOf(lane.held.questions);
      element.hidden = shown.length === 0;
      cards(shown);
    },
  };
}

/** Newest first, as they came. */
function shownOf(questions: readonly Question[]): Question[] {
  const lastClosed = questions.find(({ status }) => status !== 'open');
  return questions.filter((one) => one.status === 'open' || one === lastClosed).slice(0, MOST);
}
