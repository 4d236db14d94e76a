import type { ReactNode } from 'react';
import { IconButton } from '../appearance/icon-button.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import type { PartProps } from './part-props.ts';

/** Read or not, archived or not. */
export function ItemTools({ item, acts, tabIndex }: PartProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  return (
    <div className={classes('itemTools')}>
      {!item.isArchived && (
        <IconButton
          icon={item.isRead ? 'unread' : 'check'}
          label={say(item.isRead ? 'item.markUnread' : 'item.read')}
          tabIndex={tabIndex}
          onClick={() => acts.toggleRead(item)}
        />
      )}
      <IconButton
        icon={item.isArchived ? 'unarchive' : 'archive'}
        label={say(item.isArchived ? 'item.unarchive' : 'item.archive')}
        tabIndex={tabIndex}
        onClick={() => acts.toggleArchived(item)}
      />
    </div>
  );
}
