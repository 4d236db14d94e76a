import type { ReactNode } from 'react';
import { code } from '../code.ts';
import { Lever, type LeverProps } from './lever.tsx';
import { useDemo } from './use-demo.ts';
import { useProblem } from './use-problem.tsx';

type Tell = Pick<LeverProps, 'tell'>;

/** The buttons for all that is not a notification to a person, and the run that one of them starts. */
export function ServicePanel({ children }: { children: ReactNode }): ReactNode {
  const { tell, line } = useProblem();
  return (
    <section id="service" className="card wide" aria-labelledby="service-title">
      <h2 id="service-title">Ask, share, run</h2>
      <div className="levers">
        <AskLever tell={tell} />
        <TopicLever tell={tell} />
        <RevokeLever tell={tell} />
        <JobLever tell={tell} />
      </div>
      {line}
      {children}
    </section>
  );
}

function AskLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  return (
    <Lever
      id="ask"
      label="Ask both"
      hint="One question to Ada and Ben. The first answer wins, and the other one sees who gave it."
      code={code.asker}
      disabled={!world.watching}
      pull={control.ask}
      tell={tell}
    />
  );
}

function TopicLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { channel, ben } = world.topic;
  return (
    <Lever
      id="topic-send"
      label="Send to the topic"
      hint={`To the members of ${channel}: ${ben ? 'Ada and Ben' : 'only Ada now'}.`}
      code={code.topic}
      disabled={!world.watching}
      pull={control.sendToTopic}
      tell={tell}
    />
  );
}

function RevokeLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { ben } = world.topic;
  return (
    <Lever
      id="revoke"
      label={ben ? 'Revoke Ben' : 'Let Ben in again'}
      hint={
        ben
          ? 'Takes the topic from Ben. Its items leave his inbox within a second, on the stream that is open.'
          : 'Gives the topic back to Ben, with what was sent there meanwhile.'
      }
      code={code.topic}
      danger={ben}
      disabled={!world.watching}
      pull={() => control.letBenIn(!ben)}
      tell={tell}
    />
  );
}

function JobLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { underWay } = world.job;
  return (
    <Lever
      id="job"
      label={underWay ? 'Running …' : 'Start a run'}
      hint="A job of 12 seconds with a line a page. Reload midway: no line is missing, and it ends with done."
      code={code.job}
      disabled={!world.watching || underWay}
      pull={control.startJob}
      tell={tell}
    />
  );
}
