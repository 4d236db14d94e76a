'use client';
import type { Run } from '@belfry/protocol';
import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useRun } from '../hooks/use-run.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { Root, type RootProps } from '../root/root.tsx';
import { RunCard } from './run-card.tsx';
import { StatusIcon } from './status-icon.tsx';

/** Either a run of `useRuns()`, or the id of any, which is then followed by itself. */
export type RunProgressProps = RootProps & ({ run: Run; id?: never } | { id: string; run?: never });

/** How a run is getting on, and how it ended. */
export function RunProgress({ run, id, ...root }: RunProgressProps): ReactNode {
  return <Root {...root}>{run === undefined ? <Followed id={id} /> : <RunCard run={run} />}</Root>;
}

function Followed({ id }: { id: string }): ReactNode {
  const { run, status } = useRun(id);
  if (run !== null) return <RunCard run={run} />;
  return status === 'failed' ? <Missing /> : <Waiting />;
}

function Missing(): ReactNode {
  const classes = useClasses();
  const { say } = useWords(runWords);
  return (
    <div className={classes('run')} data-status="failed" role="alert">
      <span className={classes('runStatus')}>
        <StatusIcon status="failed" />
        {say('run.missing')}
      </span>
    </div>
  );
}

function Waiting(): ReactNode {
  const { say } = useWords(runWords);
  return (
    <div className="belfry-waiting belfry-skeleton" role="status">
      <span className="belfry-hidden">{say('run.loading')}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
