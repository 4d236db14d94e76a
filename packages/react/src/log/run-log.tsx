'use client';
import type { ReactNode } from 'react';
import { useRun } from '../hooks/use-run.ts';
import { Root, type RootProps } from '../root/root.tsx';
import { LogView } from './log-view.tsx';

export interface RunLogProps extends RootProps {
  /** Of the run. */
  id: string;
}

/** The log of a run, which follows what comes, however many lines there are. `--belfry-log-height` is how tall it is. */
export function RunLog({ id, ...root }: RunLogProps): ReactNode {
  return (
    <Root {...root}>
      <LogView key={id} {...useRun(id)} />
    </Root>
  );
}
