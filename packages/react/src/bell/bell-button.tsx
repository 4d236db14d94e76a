import { type ReactNode, type Ref, useState } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import { useCounts } from '../hooks/use-counts.ts';
import { useLiveNews } from '../hooks/use-live-news.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { capped } from './capped.ts';

interface BellButtonProps {
  elementRef?: Ref<HTMLButtonElement>;
  renderBell?: ((unreadCount: number) => ReactNode) | undefined;
  onClick?: (() => void) | undefined;
  'aria-haspopup'?: 'dialog';
  'aria-expanded'?: boolean;
}

export function BellButton({ elementRef, renderBell, ...rest }: BellButtonProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const { unread } = useCounts();
  const label = say('bell.label', { count: unread });
  return (
    <button ref={elementRef} type="button" className={classes('bell')} aria-label={label} {...rest}>
      {renderBell ? renderBell(unread) : <BellFace unread={unread} />}
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
