import type { ReactNode } from 'react';
import type { Lane } from '../../src/wire.ts';
import { code } from '../code.ts';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import type { ByHandLane } from '../lanes/by-hand-lane.ts';
import { type Tally, tally } from '../tally.ts';
import { CodeLink } from './code-link.tsx';
import { useDemo } from './use-demo.ts';

const COLUMNS: readonly (readonly [key: keyof Tally, label: string])[] = [
  ['sent', 'Sent'],
  ['received', 'Received'],
  ['waiting', 'Waiting'],
  ['lost', 'Lost'],
  ['doubled', 'Doubled'],
  ['disordered', 'Out of order'],
];

const FAULTS: ReadonlySet<keyof Tally> = new Set(['lost', 'doubled', 'disordered']);

/** What was sent and what came, for each person and lane. */
export function Scoreboard(): ReactNode {
  const { world, belfry, byHand, countAnew } = useDemo();
  return (
    <section id="score" className="card" aria-labelledby="score-title">
      <div className="card-head">
        <h2 id="score-title">The score</h2>
        <button type="button" className="quiet" disabled={!world.watching} onClick={countAnew}>
          Count anew
        </button>
      </div>
      <table className="score">
        <thead>
          <tr>
            <td />
            {COLUMNS.map(([key, label]) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {belfry.map((lane) => (
            <Row key={lane.person.user} lane={lane} way="belfry" />
          ))}
          {byHand.map((lane) => (
            <Row key={lane.person.user} lane={lane} way="byHand" />
          ))}
        </tbody>
      </table>
      <p className="hint">
        Each message has a number. Sent: answered 2xx. Lost: sent, connected again, never came. Out of order: came after
        a later number. <CodeLink {...code.tally} />
      </p>
    </section>
  );
}

function Row({ lane, way }: { lane: BelfryLane | ByHandLane; way: Lane }): ReactNode {
  const { world } = useDemo();
  const { person, receipts, progress } = lane;
  const counts = tally(world.sentTo(person.user), way, receipts, progress, Date.now());
  return (
    <tr data-lane={way} data-person={person.user}>
      <th scope="row">
        {person.name}
        <span>{way === 'belfry' ? 'Belfry' : 'by hand'}</span>
      </th>
      {COLUMNS.map(([key]) => (
        <td key={key} data-count={key} className={FAULTS.has(key) && counts[key] > 0 ? 'wrong' : undefined}>
          {world.countFrom === null ? '–' : counts[key]}
        </td>
      ))}
    </tr>
  );
}
