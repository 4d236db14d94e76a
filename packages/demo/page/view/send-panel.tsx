import { type FormEvent, type ReactNode, useState } from 'react';
import type { Draft, Person, SentMessage } from '../../src/wire.ts';
import { code } from '../code.ts';
import type { ShownTimes } from '../lanes/shown-times.ts';
import { CodeLink } from './code-link.tsx';
import { SendForm } from './send-form.tsx';
import { milliseconds } from './times.ts';
import { useDemo } from './use-demo.ts';
import { useProblem } from './use-problem.tsx';

const NAMES: Readonly<Record<Person, string>> = { ada: 'Ada', ben: 'Ben' };

type Outcome = 'nothing yet' | 'sending' | 'refused' | SentMessage;

interface SendPanelProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

/** Sends what the form says, and tells how long it took until it was shown, and until the call was answered. */
export function SendPanel({ draft, onDraft }: SendPanelProps): ReactNode {
  const { control, world, shown } = useDemo();
  const { tell, line } = useProblem();
  const [outcome, setOutcome] = useState<Outcome>('nothing yet');
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    tell(null);
    setOutcome('sending');
    await control.send(draft).then(setOutcome, (error: Error) => {
      setOutcome('refused');
      tell(error);
    });
  };
  return (
    <section id="send" className="card" aria-labelledby="send-title">
      <h2 id="send-title">Send a notification</h2>
      <SendForm draft={draft} onDraft={onDraft} onSubmit={send} disabled={!world.watching} />
      <p className="outcome">
        <span role="status">{wordsOf(outcome, world.server.up, shown)}</span> <CodeLink {...code.publisher} />
      </p>
      {line}
    </section>
  );
}

function wordsOf(outcome: Outcome, isUp: boolean, shown: ShownTimes): string {
  if (outcome === 'nothing yet') return 'Real HTTP, stored before it is answered.';
  if (outcome === 'sending') return isUp ? 'Sending …' : 'Waiting for the server …';
  return outcome === 'refused' ? 'Not sent.' : told(outcome, shown);
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
