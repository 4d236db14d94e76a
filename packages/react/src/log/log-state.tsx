import { isFinished } from '@belfry/protocol';
import type { ReactNode } from 'react';
import type { UseRun } from '../hooks/use-run.ts';
import { runWords } from '../localization/english/runs.ts';
import { said } from '../localization/said.ts';
import { useWords } from '../localization/use-words.ts';

/** Why there is nothing, or nothing new, in a word or two. */
export function LogState({ run, lines, status, error }: UseRun): ReactNode {
  const { say } = useWords(runWords);
  const isSilent = lines.length === 0 && run !== null;
  const words = (): string => {
    if (status === 'failed') return said(error, say('run.missing'));
    if (status === 'connecting' || status === 'idle') return say('log.connecting');
    if (status === 'reconnecting') return say('log.reconnecting');
    if (!isSilent) return '';
    return say(isFinished(run.status) ? 'log.none' : 'log.empty');
  };
  return (
    <span role="status" dir="auto" data-failed={status === 'failed'}>
      {words()}
    </span>
  );
}
