import { BelfryProvider, RunLog, RunProgress, type UseRun, useRun, useRuns } from '@belfry/react';
import { memo, type ReactNode } from 'react';
import { code } from '../code.ts';
import type { BelfryLane } from '../lanes/belfry-lane.ts';
import { CodeLink } from './code-link.tsx';

/** The newest run that one person sees, with its log, each from the run's own stream. */
export const RunPanel = memo(function RunPanel({ lane }: { lane: BelfryLane }): ReactNode {
  return (
    <BelfryProvider client={lane.client}>
      <NewestRun />
    </BelfryProvider>
  );
});

function NewestRun(): ReactNode {
  const [newest] = useRuns().runs;
  return newest && <RunWithLog id={newest.id} />;
}

function RunWithLog({ id }: { id: string }): ReactNode {
  const feed = useRun(id);
  return (
    <div className="run" data-done={feed.done !== null}>
      <div className="run-side">
        <RunProgress id={id} />
        <p className="run-end" role="status">
          {wordsOf(feed)} <CodeLink {...code.run} />
        </p>
      </div>
      <RunLog id={id} />
    </div>
  );
}

function wordsOf({ done, lines }: UseRun): string {
  const missing = (lines.at(-1)?.n ?? 0) - lines.length;
  const words = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, ${missing === 0 ? 'none' : missing} missing.`;
  return done === null ? words : `Done: ${words}`;
}
