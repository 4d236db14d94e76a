import type { Question } from '@belfry/protocol';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { GivenAnswer } from '../lanes/person-calls.ts';
import { answerForm } from './answer-form.ts';
import { el, setText } from './dom.ts';
import type { Row } from './keyed-list.ts';
import type { ProblemLine } from './problem-line.ts';
import { choicesIn } from './question-choices.ts';

/** One question with the form for its answer, and how it ended. */
export function questionCard(first: Question, lane: BelfryLane, problem: ProblemLine): Row<Question> {
  const message = el('p', { class: 'question-message' });
  const description = el('p', { class: 'item-body' });
  const outcome = el('p', { class: 'question-outcome', role: 'status', tabindex: '-1' });
  const form = answerForm(first, lane.person.user, (answer) => void send(answer));
  let isAnswering = false;
  const send = async (answer: GivenAnswer): Promise<void> => {
    const focused = document.activeElement as HTMLElement | null;
    isAnswering = true;
    form.disabled(true);
    // Once it is taken, the stream says so, here as everywhere.
    if (await problem.attempt('answered', lane.calls.answer(first.id, answer))) return;
    isAnswering = false;
    form.disabled(false);
    focused?.focus();
  };
  return {
    element: el('li', { class: 'question' }, message, description, form.element, outcome),
    update: (question) => {
      setText(message, question.message);
      setText(description, question.description ?? '');
      description.hidden = question.description === null;
      const isOpen = question.status === 'open';
      // What is switched off or hidden loses the focus, and with it a keyboard's place on the page.
      const movesFocus = !isOpen && (isAnswering || form.element.contains(document.activeElement));
      form.element.hidden = !isOpen;
      setText(outcome, outcomeOf(question, lane.person.user));
      if (movesFocus) outcome.focus();
      if (!isOpen) isAnswering = false;
    },
  };
}

function outcomeOf({ status, answer, schema }: Question, reader: string): string {
  if (status === 'expired') return 'Nobody answered in time.';
  if (status === 'cancelled') return 'Taken back by whoever asked.';
  if (answer === null) return '';
  const isOwn = answer.by.user === reader;
  const name = answer.by.name ?? answer.by.user;
  if (answer.action === 'decline') return isOwn ? 'You declined.' : `Declined by ${name}.`;
  const words = wordsOf(schema, answer.content);
  return isOwn ? `You answered: ${words}` : `Answered by ${name}: ${words}`;
}

function wordsOf(schema: Question['schema'], content: unknown): string {
  const given = Object.entries((content ?? {}) as Record<string, unknown>);
  return given
    .map(([name, value]) => {
      const choices = schema.properties[name] === undefined ? null : choicesIn(schema.properties[name]);
      const values = Array.isArray(value) ? value : [value];
      return values.map((one) => choices?.find((choice) => choice.value === one)?.title ?? String(one)).join(', ');
    })
    .join(', ');
}
