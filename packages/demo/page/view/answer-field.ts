import type { Json, QuestionField } from '@belfry/protocol';
import { el } from './dom.ts';
import { choicesIn } from './question-choices.ts';

export interface AnswerField {
  name: string;
  element: HTMLElement;
  /** Undefined: left out. */
  read: () => Json | undefined;
}

interface Place {
  required: boolean;
  /** Makes its id: the same question may stand on the page twice. */
  prefix: string;
  /** The question itself says what it is for. */
  alone: boolean;
}

type Control = Omit<AnswerField, 'name' | 'element'> & { input: HTMLInputElement | HTMLSelectElement };

/** One property to fill in. What it may hold exactly is for the server to judge, which names it. */
export function answerField(name: string, field: QuestionField, { required, prefix, alone }: Place): AnswerField {
  const { input, read } = controlFor(field, required);
  input.id = `${prefix}-${name}`;
  input.name = name;
  if (field.type !== 'boolean') input.required = required;
  const label = alone
    ? el('label', { for: input.id, class: 'hidden-text' }, 'Your answer')
    : el('label', { for: input.id }, field.title ?? name);
  return { name, element: el('div', { class: 'answer-field' }, label, input), read };
}

function controlFor(field: QuestionField, required: boolean): Control {
  const choices = choicesIn(field);
  if (choices !== null) return selectFor(choices, field.type === 'array', required);
  if (field.type === 'boolean') {
    const input = el('input', { type: 'checkbox' });
    return { input, read: () => input.checked };
  }
  if (field.type === 'number' || field.type === 'integer') {
    const input = el('input', { type: 'number', step: field.type === 'integer' ? '1' : 'any' });
    return { input, read: () => (input.value === '' ? undefined : input.valueAsNumber) };
  }
  const input = el('input', { type: 'text', autocomplete: 'off' });
  return { input, read: () => (input.value === '' ? undefined : input.value) };
}

function selectFor(choices: readonly { value: string; title: string }[], many: boolean, required: boolean): Control {
  const options = choices.map(({ value, title }) => el('option', { value }, title));
  const none = many || required ? [] : [el('option', { value: '' }, 'None')];
  const input = el('select', { multiple: many }, ...none, ...options);
  const chosen = (): string[] => [...input.selectedOptions].map(({ value }) => value);
  return { input, read: () => (many ? chosen() : chosen()[0] || undefined) };
}
