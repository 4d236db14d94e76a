import type { ReactNode } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { IconButton } from '../appearance/icon-button.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import type { Shown } from './states.tsx';

interface HeaderProps {
  shown: Shown;
  show: (shown: Shown) => void;
  /** Nothing: there is nothing to mark. */
  readAll: (() => void) | undefined;
  /** Nothing: it can't be closed. */
  close: (() => void) | undefined;
}

const CHOICES: readonly Shown[] = ['all', 'unread', 'archived'];

export function Header({ shown, show, readAll, close }: HeaderProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  return (
    <div className={classes('header')}>
      <span className={classes('filter')}>
        <select aria-label={say('filter.label')} value={shown} onChange={({ target }) => show(target.value as Shown)}>
          {CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {say(`filter.${choice}`)}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </span>
      <IconButton icon="checks" label={say('list.readAll')} disabled={!readAll} onClick={() => readAll?.()} />
      {close && <IconButton icon="close" label={say('inbox.close')} onClick={close} />}
    </div>
  );
}
