import type { Run } from '@belfry/protocol';
import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { runWords } from '../localization/english/runs.ts';
import { useWords } from '../localization/use-words.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { durationOf } from '../seconds/duration.ts';
import { useEverySecond } from '../seconds/every-second.ts';

/** For how long it has been going by the server's clock, or how long it took. Nothing of one that has not started. */
export function Elapsed({ run: { startedAt, finishedAt } }: { run: Run }): ReactNode {
  const classes = useClasses();
  const { say, locale } = useWords(runWords);
  const now = useEverySecond(startedAt !== null && finishedAt === null);
  const { host } = useInboxClient();
  if (startedAt === null) return null;
  const end = finishedAt === null ? (host.serverNow() ?? now) : Date.parse(finishedAt);
  return (
    <span className={classes('runFacts')}>
      <span className="belfry-hidden">{say(finishedAt === null ? 'run.elapsed' : 'run.took')}: </span>
      {durationOf(end - Date.parse(startedAt), locale)}
    </span>
  );
}
