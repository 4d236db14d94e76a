// @vitest-environment happy-dom
import { BelfryError, RequestError } from '@belfry/client';
import { BelfryProvider, Questions } from '@belfry/react';
import { describe, expect, test } from 'vitest';
import { type FakeBelfry, fakeBelfry } from '../workbench/fake/belfry.ts';
import { choose, question } from '../workbench/samples/questions.ts';
import { render, settled, until } from './support/render.tsx';

async function show(...items: ReturnType<typeof question>[]) {
  const fake = fakeBelfry({ questions: { items } });
  const { element } = await render(
    <BelfryProvider client={fake.client}>
      <Questions />
    </BelfryProvider>,
  );
  return { fake, element };
}

const submit = (element: HTMLElement) => settled(() => element.querySelector('form')!.requestSubmit());
const input = <Control extends HTMLElement = HTMLInputElement>(element: HTMLElement, selector: string) =>
  element.querySelector<Control>(selector)!;

/** As a person does, so that React hears of it. */
async function type(control: HTMLInputElement, text: string): Promise<void> {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(control, text);
  await settled(() => control.dispatchEvent(new Event('input', { bubbles: true })));
}

const SCHEMA = {
  type: 'object',
  properties: {
    mail: { type: 'string', title: 'Mail', format: 'email' },
    share: { type: 'number', title: 'Share', minimum: 0, maximum: 1 },
    note: { type: 'string', title: 'Note' },
    tell: { type: 'boolean', title: 'Tell everyone' },
  },
  required: ['mail', 'share'],
} as const;

describe('a question', () => {
  const answersOf = ({ calls }: FakeBelfry) => calls.filter(([name]) => name === 'answer').map(([, , given]) => given);

  test('that could not be sent says so to whoever answers, and nothing of addresses and requests', async () => {
    const failed = new RequestError('unavailable', 'Belfry at http://x could not be reached (Failed to fetch).', 0);
    const { element } = await show(question({ error: failed }));
    const { textContent } = element.querySelector('.belfry-question-problem')!;
    expect(textContent).toBe('Your answer could not be sent. Check the network and try again.');
  });

  test('is answered with what was chosen', async () => {
    const { fake, element } = await show(question({ schema: choose('Yes', 'No') }));
    await settled(() => input(element, 'input[type=radio]').click());
    await submit(element);
    expect(answersOf(fake)).toEqual([{ action: 'accept', content: { value: 'Yes' } }]);
  });

  test('sends what the schema asks for, and leaves out what was left empty', async () => {
    const { fake, element } = await show(question({ schema: structuredClone(SCHEMA) as never }));
    await type(input(element, 'input[type=email]'), 'ada@example.org');
    await type(input(element, 'input[type=number]'), '0.5');
    await submit(element);
    expect(answersOf(fake)).toEqual([
      { action: 'accept', content: { mail: 'ada@example.org', share: 0.5, tell: false } },
    ]);
  });

  test('that is filled in wrongly is not sent; each field says how to mend it, and the first has the focus', async () => {
    const { fake, element } = await show(question({ schema: structuredClone(SCHEMA) as never }));
    await type(input(element, 'input[type=number]'), '3');
    await submit(element);
    expect(answersOf(fake)).toEqual([]);
    const mail = input(element, 'input[type=email]');
    expect(mail.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(mail.getAttribute('aria-describedby')!)?.textContent).toBe('Fill this in.');
    expect(element.textContent).toContain('Enter 1 or less.');
    expect(document.activeElement).toBe(mail);
  });

  test('says that a field is right as soon as it is', async () => {
    const { element } = await show(question({ schema: structuredClone(SCHEMA) as never }));
    await submit(element);
    const mail = input(element, 'input[type=email]');
    await type(mail, 'ada');
    expect(element.textContent).toContain('Enter an e-mail address such as ada@example.org.');
    await type(mail, 'ada@example.org');
    expect(mail.getAttribute('aria-invalid')).toBe('false');
  });

  test('is declined without being filled in', async () => {
    const { fake, element } = await show(question());
    await settled(() => input(element, '.belfry-decline-button').click());
    expect(answersOf(fake)).toEqual([{ action: 'decline' }]);
  });

  test('shows beside its field why the server did not take the answer, with what was filled in', async () => {
    const asked = question({ schema: structuredClone(SCHEMA) as never });
    const { fake, element } = await show(asked);
    await type(input(element, 'input[type=email]'), 'ada@example.org');
    const sent = { ...asked, status: 'answered', pending: true, answer: null } as const;
    await settled(() => fake.questions.set({ items: [sent] }));
    expect(element.querySelector('form')).toBeNull();
    const error = new BelfryError('invalid', 'That address is not known.', { field: 'content.mail' });
    await settled(() => fake.questions.set({ items: [{ ...asked, error }] }));
    const mail = input(element, 'input[type=email]');
    expect(mail.value).toBe('ada@example.org');
    expect(document.getElementById(mail.getAttribute('aria-describedby')!)?.textContent).toBe(error.message);
  });

  test('that another answered first says so, and keeps the place of a keyboard', async () => {
    const asked = question();
    const { fake, element } = await show(asked);
    input(element, 'input[type=radio]').focus();
    const by = { user: 'ada', name: 'Ada' };
    const answer = { action: 'accept', content: { value: 'Deploy now' }, by, at: asked.createdAt } as const;
    await settled(() => fake.questions.set({ items: [{ ...asked, status: 'answered', elsewhere: true, answer }] }));
    const outcome = element.querySelector('.belfry-question-outcome')!;
    expect(outcome.textContent).toContain('Answered by Ada elsewhere');
    expect(outcome.textContent).toContain('Deploy now');
    expect(document.activeElement).toBe(outcome);
  });

  test('that goes away leaves the place of a keyboard with the list', async () => {
    const answered = question({ status: 'answered' });
    const { fake, element } = await show(answered, question());
    element.querySelector<HTMLElement>('article > button')!.focus();
    await settled(() => fake.questions.set({ items: [] }));
    expect(document.activeElement).toBe(element.querySelector('.belfry-questions'));
  });

  test('cannot be answered by who may only look', async () => {
    const { fake, element } = await show(question());
    await settled(() => fake.questions.set({ readOnly: true }));
    await until(() => element.querySelector('fieldset')?.disabled === true);
    expect(element.querySelector('button')).toBeNull();
    expect(element.textContent).toContain('You may look at this question, but not answer it.');
  });
});
