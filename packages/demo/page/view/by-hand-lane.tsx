import type { ReactNode } from 'react';
import type { ByHandLane as Lane } from '../lanes/by-hand-lane.ts';
import { tally } from '../tally.ts';
import type { World } from '../world.ts';
import { ByHandLog } from './by-hand-log.tsx';
import { ByHandChip } from './connection-chip.tsx';
import { useDemo } from './use-demo.ts';

/** The third lane: the hand-written route, its code and what it loses. */
export function ByHandLane(): ReactNode {
  const { byHand, world, config } = useDemo();
  const messages = world.counted();
  const lost = byHand.reduce((sum, lane) => sum + lostOn(lane, world), 0);
  return (
    <section id="by-hand" className={`card lane ${lost > 0 ? 'lossy' : ''}`} aria-labelledby="by-hand-title">
      <header className="lane-head">
        <h2 id="by-hand-title">The route you would write by hand</h2>
      </header>
      <div className="lane-chips">
        {byHand.map(({ person, status }) => (
          <span key={person.user}>
            {person.name} <ByHandChip status={status} />
          </span>
        ))}
      </div>
      <p className="arrival" role="status">
        {verdictOf(messages.length, lost)}
      </p>
      <Source text={config.byHandSource} />
      <ByHandLog messages={messages} />
    </section>
  );
}

function lostOn({ person, receipts, progress }: Lane, world: World): number {
  return tally(world.sentTo(person.user), 'byHand', receipts, progress, Date.now()).lost;
}

function verdictOf(sent: number, lost: number): string {
  if (lost > 0) return `${lost} lost for good: nobody kept them`;
  return sent === 0 ? 'A Map of responses, no ids, no store' : 'Nothing lost so far';
}

function Source({ text }: { text: string }): ReactNode {
  return (
    <details className="source">
      <summary>Its code, all {text.trimEnd().split('\n').length} lines</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </details>
  );
}
