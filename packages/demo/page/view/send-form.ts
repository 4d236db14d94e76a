import type { Draft, Recipient, Severity } from '../../src/wire.ts';
import { Signal } from '../signal.ts';
import { el } from './dom.ts';

const RECIPIENTS: readonly (readonly [value: Recipient, label: string])[] = [
  ['ada', 'Ada'],
  ['ben', 'Ben'],
  ['all', 'Everyone'],
];
const SEVERITIES: readonly Severity[] = ['info', 'success', 'warning', 'critical'];

/** The fields of a message, as they stand now. */
export class SendForm extends Signal {
  readonly element: HTMLFormElement;
  readonly submit = el('button', { type: 'submit', class: 'primary' }, 'Send');
  readonly #title = el('input', {
    name: 'title',
    id: 'send-title-field',
    required: true,
    maxlength: '200',
    autocomplete: 'off',
  });
  readonly #body = el('input', { name: 'body', id: 'send-body-field', maxlength: '4000', autocomplete: 'off' });
  readonly #severity = el('select', { name: 'severity', id: 'send-severity-field' });

  constructor(onSubmit: (draft: Draft) => void) {
    super();
    this.#title.value = 'The coffee is ready';
    this.#body.value = 'Second floor, by the window.';
    this.#severity.append(...SEVERITIES.map((value) => el('option', { value }, value)));
    this.element = el(
      'form',
      { class: 'send-form' },
      recipientField(),
      field('Title', this.#title),
      field('Body', this.#body),
      el('div', { class: 'form-end' }, field('Severity', this.#severity), this.submit),
    );
    this.element.addEventListener('input', () => this.changed());
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      onSubmit(this.draft);
    });
  }

  get draft(): Draft {
    const to = new FormData(this.element).get('to') as Recipient;
    const body = this.#body.value === '' ? null : this.#body.value;
    return { to, title: this.#title.value, body, severity: this.#severity.value as Severity };
  }
}

function recipientField(): HTMLElement {
  const choices = RECIPIENTS.map(([value, label]) =>
    el('label', {}, el('input', { type: 'radio', name: 'to', value, checked: value === 'ada' }), el('span', {}, label)),
  );
  return el('fieldset', { class: 'choice' }, el('legend', { class: 'hidden-text' }, 'To'), ...choices);
}

function field(label: string, input: HTMLElement): HTMLElement {
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input);
}
