import { type ReactNode, useState } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { useRuns } from '../hooks/use-runs.ts';
import { runWords } from '../localization/english/runs.ts';
import { said } from '../localization/said.ts';
import { useWords } from '../localization/use-words.ts';

export function CancelButton({ id }: { id: string }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(runWords);
  const { cancel, readOnly, error } = useRuns();
  const [state, setState] = useState<'ready' | 'cancelling' | 'refused'>('ready');
  if (readOnly) return null;
  const press = async (): Promise<void> => {
    setState('cancelling');
    setState((await cancel(id)) ? 'ready' : 'refused');
  };
  return (
    <div className="belfry-run-foot">
      <button
        type="button"
        className={classes('button', 'runButton')}
        aria-disabled={state === 'cancelling'}
        onClick={() => state !== 'cancelling' && void press()}
      >
        {say(state === 'cancelling' ? 'run.cancelling' : 'run.cancel')}
      </button>
      <span className="belfry-run-problem" role="status">
        {state === 'refused' && said(error, say('run.notCancelled'))}
      </span>
    </div>
  );
}
