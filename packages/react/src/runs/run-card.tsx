import { isFinished, type Run } from '@belfry/protocol';
import { type ReactNode, useId } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { SubjectWords } from '../links/subject-words.tsx';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { Heading } from '../root/heading.tsx';
import { Artifacts } from './artifacts.tsx';
import { CancelButton } from './cancel-button.tsx';
import { Elapsed } from './elapsed.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { Result } from './result.tsx';
import { StatusIcon } from './status-icon.tsx';

export function RunCard({ run }: { run: Run }): ReactNode {
  const classes = useClasses();
  const heading = useId();
  const { say } = useWords(runWords);
  const { status, message, title } = run;
  return (
    <article className={classes('run')} aria-labelledby={heading} data-status={status}>
      <div className={classes('runHead')}>
        <span className={classes('runStatus')} role="status">
          <StatusIcon status={status} />
          {say(`run.${status}`)}
        </span>
        <Elapsed run={run} />
      </div>
      <Heading level={3} className={classes('runTitle')} id={heading} dir="auto">
        {title}
      </Heading>
      {run.subject && (
        <p className={classes('runFacts')} dir="auto">
          <SubjectWords subject={run.subject} />
        </p>
      )}
      {!isFinished(status) && <ProgressBar run={run} />}
      {message !== null && (
        <p className={classes('runMessage')} dir="auto">
          {message}
        </p>
      )}
      <Result result={run.result} />
      <Artifacts artifacts={run.artifacts} />
      {!isFinished(status) && <CancelButton id={run.id} />}
    </article>
  );
}
