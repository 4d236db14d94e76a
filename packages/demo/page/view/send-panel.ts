import type { Person, SentMessage } from '../../src/wire.ts';
import type { Control } from '../control.ts';
import type { World } from '../world.ts';
import { el, setText } from './dom.ts';
import { SendForm } from './send-form.ts';
import type { ShownTimes } from './shown-times.ts';
import { milliseconds } from './times.ts';

const NAMES: Readonly<Record<Person, string>> = { ada: 'Ada', ben: 'Ben' };

/** Sends what the form says, and tells how long it took until it was shown, and until the call was answered. */
export function sendPanel(section: HTMLElement, control: Control, world: World, shown: ShownTimes) {
  const outcome = el('p', { class: 'outcome', role: 'status' });
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  let words = (): string => 'Real HTTP, stored before it is answered.';
  const render = (): void => {
    setText(outcome, words());
    form.submit.disabled = !world.watching;
  };
  const say = (next: () => string): void => {
    words = next;
    render();
  };
  const form = new SendForm(async (draft) => {
    problem.hidden = true;
    say(() => (world.server.up ? 'Sending …' : 'Waiting for the server …'));
    try {
      const message = await control.send(draft);
      say(() => told(message, shown));
    } catch (error) {
      say(() => 'Not sent.');
      setText(problem, (error as Error).message);
      problem.hidden = false;
    }
  });
  shown.onShown = render;
  section.append(el('h2', { id: 'send-title' }, 'Send a notification'), form.element, outcome, problem);
  return { form, render };
}

/**
 * All from the moment the message was sent, by this machine's one clock. The stream may be faster than the answer:
 * both start when the message is stored.
 */
function told({ seq, to, at, acknowledged }: SentMessage, shown: ShownTimes): string {
  const people: readonly Person[] = to === 'all' ? ['ada', 'ben'] : [to];
  const parts = people.map((person) => {
    const then = shown.of(person, seq);
    return then === null
      ? `waiting for ${NAMES[person]}`
      : `shown to ${NAMES[person]} after ${milliseconds(then - at)}`;
  });
  return `#${seq} ${parts.join(', ')}; answered after ${milliseconds(acknowledged.belfry ?? 0)}.`;
}
