import {
  BelfryProvider,
  Inbox,
  Notifications,
  Question,
  RunProgress,
  useConnectionStatus,
  useQuestions,
  useRuns,
} from '@belfry/react';
import { memo, type ReactNode } from 'react';
import { code } from '../code.ts';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { AccessLine } from './access-line.tsx';
import { ArrivalLine } from './arrival-line.tsx';
import { CodeLink } from './code-link.tsx';
import { BelfryChip } from './connection-chip.tsx';
import { NoteShown } from './note-shown.tsx';

/** The list must stay in sight: who answers one of these sees the next. */
const MOST_QUESTIONS = 2;

/** What the bell opens has tabs; the list below shows everything. */
const TABS = [
  { label: 'All' },
  { label: 'Messages', filter: { types: ['demo.message'] } },
  { label: 'Kitchen', filter: { types: ['demo.topic'] } },
];

/** One person's part of an app: their bell, what they are asked, the run they watch, and their list. */
export const PersonLane = memo(function PersonLane({ lane }: { lane: BelfryLane }): ReactNode {
  const { user, name } = lane.person;
  const empty = { 'empty.all': 'Nothing yet', 'empty.allHint': `Send ${name} something, or press Kill the server.` };
  return (
    <section id={user} className="card lane" aria-label={`${name}’s inbox`}>
      <BelfryProvider client={lane.client} localization={empty}>
        <header className="lane-head">
          <Inbox tabs={TABS} placement="bottom-start" />
          <div className="lane-name">
            <h2>{name}</h2>
            <span className="via">with Belfry</span>
          </div>
          <Connection />
        </header>
        <div className="arrival-row">
          <ArrivalLine lane={lane} />
          <CodeLink {...code.lane} />
        </div>
        <AccessLine lane={lane} />
        <Refusal />
        <OpenQuestions />
        <NewestRun />
        <div className="list">
          <Notifications />
        </div>
        <NoteShown person={user} />
      </BelfryProvider>
    </section>
  );
});

function Connection(): ReactNode {
  return <BelfryChip status={useConnectionStatus()} />;
}

/** Why the stream does not start. A server that is away is said by the chip already. */
function Refusal(): ReactNode {
  const { error } = useConnectionStatus();
  if (error === null || error.code === 'unavailable') return null;
  return (
    <p className="problem" role="alert">
      {error.message}
    </p>
  );
}

/** What is open, and the last that was closed. */
function OpenQuestions(): ReactNode {
  const { questions } = useQuestions();
  const lastClosed = questions.find(({ status }) => status !== 'open');
  const shown = questions.filter((one) => one.status === 'open' || one === lastClosed).slice(0, MOST_QUESTIONS);
  return shown.map((question) => <Question key={question.id} question={question} />);
}

function NewestRun(): ReactNode {
  const [newest] = useRuns().runs;
  return newest && <RunProgress run={newest} />;
}
