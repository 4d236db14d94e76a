import type { Json, Question } from '@belfry/protocol';
import type { GivenAnswer } from '../lanes/person-calls.ts';
import { answerField } from './answer-field.ts';
import { button, el } from './dom.ts';
import { choicesIn } from './question-choices.ts';

/** More are shown as a list to open. */
const MOST_BUTTONS = 6;

/** What there is to press or fill in, as the question's schema has it: a button an option, or a field a property. */
export function answerForm(question: Question, reader: string, onAnswer: (answer: GivenAnswer) => void) {
  const parts = buttonsOf(question, onAnswer) ?? fieldsOf(question, reader, onAnswer);
  const decline = button('Decline', () => onAnswer({ action: 'decline', content: null }), {
    class: 'quiet',
    'aria-label': `Decline: ${question.message}`,
  });
  const fields = el('fieldset', { class: 'answer', 'aria-label': question.message }, parts, decline);
  return {
    element: fields as HTMLElement,
    disabled: (disabled: boolean): void => {
      fields.disabled = disabled;
    },
  };
}

function buttonsOf({ schema }: Question, onAnswer: (answer: GivenAnswer) => void): HTMLElement | null {
  const [first, ...more] = Object.entries(schema.properties);
  if (first === undefined || more.length > 0 || first[1].type !== 'string') return null;
  const [name, field] = first;
  const choices = choicesIn(field);
  if (choices === null || choices.length > MOST_BUTTONS) return null;
  const pressed = (value: string) => (): void => onAnswer({ action: 'accept', content: { [name]: value } });
  return el('div', { class: 'answers' }, ...choices.map(({ value, title }) => button(title, pressed(value))));
}

function fieldsOf({ id, schema }: Question, reader: string, onAnswer: (answer: GivenAnswer) => void): HTMLElement {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(([name, field]) =>
    answerField(name, field, { required: required.has(name), prefix: `${reader}-${id}`, alone: name === 'value' }),
  );
  const form = el(
    'form',
    { class: 'answer-form' },
    ...fields.map(({ element }) => element),
    el('button', { type: 'submit' }, 'Answer'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = fields.map(({ name, read }) => [name, read()] as const);
    const content = Object.fromEntries(given.filter((pair): pair is [string, Json] => pair[1] !== undefined));
    onAnswer({ action: 'accept', content });
  });
  return form;
}
