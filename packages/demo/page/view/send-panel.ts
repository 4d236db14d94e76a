import type { Person, SentMessage } from '../../src/wire.ts';
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
    problem.hidden = true;
    setText(outcome, 'Sending …');
    try {
      const message = await control.send(draft);
      const tell = (): void => setText(outcome, words(message, shown));
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

/** All from the moment the call to Belfry was made, by this machine's one clock. */
function words({ seq, to, at, acknowledged }: SentMessage, shown: ShownTimes): string {
  const people: readonly Person[] = to === 'all' ? ['ada', 'ben'] : [to];
  const parts = people.map((person) => {
    const then = shown.of(person, seq);
    return then === null
      ? `waiting for ${NAMES[person]}`
      : `shown to ${NAMES[person]} after ${milliseconds(then - at)}`;
  });
  return `#${seq} stored after ${milliseconds(acknowledged.belfry ?? 0)}, ${parts.join(', ')}.`;
}
