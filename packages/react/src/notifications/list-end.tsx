import type { ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import type { More } from './use-more.ts';

/** Below the last item: more is coming, or did not come. */
export function ListEnd({ hasMore, more }: { hasMore: boolean; more: More }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  if (!hasMore) return null;
  return (
    <div className={classes('listEnd')}>
      {more.hasFailed ? (
        <>
          <span>{say('failure.more')}</span>
          <button type="button" className={classes('button')} onClick={more.retry}>
            {say('failure.retry')}
          </button>
        </>
      ) : (
        <span className={classes('hidden')}>{say('list.more')}</span>
      )}
    </div>
  );
}
