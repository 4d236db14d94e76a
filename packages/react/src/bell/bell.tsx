'use client';
import type { ReactNode } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { useCounts } from '../hooks/use-counts.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { Root, type RootProps } from '../root/root.tsx';

export interface BellProps extends RootProps {
  /** What to show in place of the bell and its badge. */
  renderBell?: (unreadCount: number) => ReactNode;
  onClick?: () => void;
}

/** A button with the number of what is unread. */
export function Bell({ renderBell, onClick, ...root }: BellProps): ReactNode {
  return (
    <Root {...root} inline>
      <BellButton renderBell={renderBell} onClick={onClick} />
    </Root>
  );
}

interface BellButtonProps {
  renderBell: BellProps['renderBell'] | undefined;
  onClick: BellProps['onClick'] | undefined;
}

function BellButton({ renderBell, onClick }: BellButtonProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const { unread } = useCounts();
  return (
    <button
      type="button"
      className={classes('bell')}
      aria-label={say('bell.label', { count: unread })}
      onClick={onClick}
    >
      {renderBell ? renderBell(unread) : <BellFace unread={unread} />}
    </button>
  );
}

const MOST = 99;

function BellFace({ unread }: { unread: number }): ReactNode {
  const classes = useClasses();
  const { locale } = useWords(inboxWords);
  const shown = new Intl.NumberFormat(locale).format(Math.min(unread, MOST));
  return (
    <>
      <span className={classes('bellIcon')}>
        <Icon name="bell" />
      </span>
      {unread > 0 && <span className={classes('badge')}>{unread > MOST ? `${shown}+` : shown}</span>}
    </>
  );
}
