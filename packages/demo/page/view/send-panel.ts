import type { Draft, Person } from '../../src/wire.ts';
import type { Control } from '../control.ts';
import { el, setText } from './dom.ts';
import { SendForm } from './send-form.ts';
import type { ShownTimes } from './shown-times.ts';
import { milliseconds } from './times.ts';

const NAMES: Readonly<Record<Person, string>> = { ada: 'Ada', ben: 'Ben' };

/** Sends what the form says, and tells how long it took until it was stored and until it was shown. */
export function sendPanel(section: HTMLElement, control: Control, shown: ShownTimes): SendForm {
  const outcome = el('p', { class: 'outcome', role: 'status' }, 'Real HTTP, stored before it is answered.');
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const form = new SendForm(async (draft) => {
    const from = performance.now();
    problem.hidden = true;
    setText(outcome, 'Sending …');
    try {
      const { seq } = await control.send(draft);
      const stored = performance.now();
      const tell = (): void => setText(outcome, words(draft, seq, from, stored, shown));
      shown.onShown = tell;
      tell();
    } catch (error) {
      setText(outcome, 'Not sent.');
      setText(problem, (error as Error).message);
      problem.hidden = false;
    }
  });
  section.append(el('h2', { id: 'send-title' }, 'Send a notification'), form.element, outcome, problem);
  return form;
}

function words({ to }: Draft, seq: number, from: number, stored: number, shown: ShownTimes): string {
  const people: readonly Person[] = to === 'all' ? ['ada', 'ben'] : [to];
  const parts = people.map((person) => {
    const at = shown.of(person, seq);
    return at === null ? `waiting for ${NAMES[person]}` : `shown to ${NAMES[person]} after ${milliseconds(at - from)}`;
  });
  return `#${seq} stored after ${milliseconds(stored - from)}, ${parts.join(', ')}.`;
}
