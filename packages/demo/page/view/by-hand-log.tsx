import type { ReactNode } from 'react';
import type { SentMessage } from '../../src/wire.ts';
import { type Fate, fateOf } from '../tally.ts';
import { useStillDemo } from './use-demo.ts';

const MOST_ROWS = 60;

const MARKS: Readonly<Record<Fate, string>> = {
  received: '✓ arrived',
  waiting: '… waiting',
  lost: '✗ lost',
  unsent: '… not sent yet',
};

/** What became of each message on the hand-written route, the newest first. */
export function ByHandLog({ messages }: { messages: readonly SentMessage[] }): ReactNode {
  const newest = messages.slice(-MOST_ROWS).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="scroll" tabIndex={0} aria-label="What became of each message by hand">
      {newest.length === 0 && <p className="empty">Nothing yet. What Ada and Ben are sent goes here too.</p>}
      <ol className="log">
        {newest.map((message) => (
          <Row key={message.seq} message={message} />
        ))}
      </ol>
    </section>
  );
}

/** One message, with a mark for each person it was sent to. */
function Row({ message }: { message: SentMessage }): ReactNode {
  const { byHand } = useStillDemo();
  const { seq, to, title } = message;
  return (
    <li>
      <span className="seq">#{seq}</span>
      <span className="log-title">{title}</span>
      <span className="fates">
        {byHand
          .filter(({ person }) => to === 'all' || to === person.user)
          .map(({ person, receipts, progress }) => {
            const fate = fateOf(message, 'byHand', receipts, progress, Date.now());
            return (
              <span key={person.user} className="fate" data-fate={fate}>
                {person.name} {MARKS[fate]}
              </span>
            );
          })}
      </span>
    </li>
  );
}
