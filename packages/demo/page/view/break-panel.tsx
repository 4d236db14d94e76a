import type { ReactNode } from 'react';
import { code } from '../code.ts';
import { Lever, type LeverProps } from './lever.tsx';
import { useDemo } from './use-demo.ts';
import { useProblem } from './use-problem.tsx';

const CUT_SECONDS = 8;

type Tell = Pick<LeverProps, 'tell'>;

/** The buttons that break things. */
export function BreakPanel(): ReactNode {
  const { tell, line } = useProblem();
  return (
    <section id="break" className="card" aria-labelledby="break-title">
      <h2 id="break-title">Break something</h2>
      <KillLever tell={tell} />
      <CutLever tell={tell} />
      <TrafficLever tell={tell} />
      {line}
    </section>
  );
}

function KillLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { server, watching } = world;
  return (
    <Lever
      id="kill"
      label={server.up || !watching ? 'Kill the server' : 'Starting again …'}
      hint="A real kill -9. News goes on, and it is started again on the same file."
      code={code.server}
      danger
      disabled={!watching || !server.up}
      pull={control.kill}
      tell={tell}
    />
  );
}

function CutLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { network, watching } = world;
  const isCut = network.cutUntil !== null;
  return (
    <Lever
      id="cut"
      label={isCut ? `Restore now (${secondsTo(network.cutUntil)}\u00a0s)` : 'Cut Ben’s network'}
      hint={
        isCut
          ? 'Both of Ben’s streams are cut. What he is sent now waits for him, or does not.'
          : `Both of Ben’s streams break for ${CUT_SECONDS}\u00a0s, while news for him goes on.`
      }
      code={code.network}
      danger={!isCut}
      disabled={!watching}
      pull={() => (isCut ? control.restore() : control.cut(CUT_SECONDS))}
      tell={tell}
    />
  );
}

function TrafficLever({ tell }: Tell): ReactNode {
  const { control, world } = useDemo();
  const { perSecond, until } = world.traffic;
  const isOn = until !== null;
  return (
    <Lever
      id="traffic"
      label={isOn ? 'Stop the traffic' : 'Start traffic'}
      hint={`${perSecond} messages a second, ${isOn ? `for ${secondsTo(until)}\u00a0s more` : 'to Ada, to Ben and to both'}.`}
      code={code.traffic}
      pressed={isOn}
      disabled={!world.watching}
      pull={() => control.traffic(!isOn)}
      tell={tell}
    />
  );
}

function secondsTo(until: number | null): number {
  return until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1_000));
}
