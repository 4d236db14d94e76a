import type { ListFilters } from '@belfry/client';
import type { ReactNode } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';

export type Shown = NonNullable<ListFilters['filter']>;

/** Nothing is there. */
export function Empty({ shown }: { shown: Shown }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  return (
    <div className={classes('state')}>
      <Icon name={shown === 'archived' ? 'archive' : 'bell'} />
      <strong>{say(`empty.${shown}`)}</strong>
      <p>{say(`empty.${shown}Hint`)}</p>
    </div>
  );
}

/** Nothing could be loaded. */
export function Failure({ retry }: { retry: () => void }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  return (
    <div className={classes('state')} role="alert">
      <Icon name="warning" />
      <strong>{say('failure.title')}</strong>
      <p>{say('failure.hint')}</p>
      <button type="button" className={classes('button')} onClick={retry}>
        {say('failure.retry')}
      </button>
    </div>
  );
}

/** Something is about to be there. */
export function Skeleton(): ReactNode {
  const classes = useClasses();
  return (
    <div className={classes('skeleton')} aria-hidden="true">
      {[0, 1, 2, 3, 4].map((line) => (
        <div key={line}>
          <span />
          <div>
            <i />
            <i />
          </div>
        </div>
      ))}
    </div>
  );
}
