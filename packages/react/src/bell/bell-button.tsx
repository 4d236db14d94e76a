import { type ReactNode, type Ref, useState } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { useLiveNews } from '../hooks/use-live-news.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { capped, MOST } from './capped.ts';
import { useUnread } from './use-unread.ts';

interface BellButtonProps {
  elementRef?: Ref<HTMLButtonElement>;
  renderBell?: ((unreadCount: number) => ReactNode) | undefined;
  onClick?: (() => void) | undefined;
  'aria-haspopup'?: 'dialog';
  'aria-expanded'?: boolean;
}

export function BellButton({ elementRef, renderBell, ...rest }: BellButtonProps): ReactNode {
  const classes = useClasses();
  const { say, locale } = useWords(inboxWords);
  const unread = useUnread();
  // What can be seen on a button is part of its name, or who speaks to the page can't press it.
  const label = say('bell.label', { count: unread > MOST ? capped(unread, locale) : unread });
  const name = renderBell ? {} : { 'aria-label': label };
  return (
    <button ref={elementRef} type="button" className={classes('bell')} {...name} {...rest}>
      {renderBell ? renderBell(unread) : <BellFace unread={unread} />}
      {renderBell && <span className={classes('hidden')}>{label}</span>}
    </button>
  );
}

function BellFace({ unread }: { unread: number }): ReactNode {
  const classes = useClasses();
  const { locale } = useWords(inboxWords);
  const [isRinging, setIsRinging] = useState(false);
  useLiveNews(() => setIsRinging(true));
  return (
    <>
      <span className={classes('bellIcon')} data-ringing={isRinging} onAnimationEnd={() => setIsRinging(false)}>
        <Icon name="bell" />
      </span>
      {unread > 0 && <span className={classes('badge')}>{capped(unread, locale)}</span>}
    </>
  );
}
