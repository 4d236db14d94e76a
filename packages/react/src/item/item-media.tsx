import type { ReactNode } from 'react';
import { Icon } from '../appearance/icon.tsx';
import { useClasses } from '../appearance/use-classes.ts';
import type { NotificationItem } from '../hooks/notification-item.ts';
import { safeUrl } from '../links/safe-url.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';

/** Who it is from, or what kind of thing it is. */
export function ItemMedia({ item }: { item: NotificationItem }): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const { severity } = item;
  return (
    <span className={classes('itemMedia')}>
      <Picture item={item} />
      {severity !== 'info' && <span className={classes('hidden')}>{say(`item.${severity}`)}</span>}
    </span>
  );
}

function Picture({ item: { actor, icon, severity } }: { item: NotificationItem }): ReactNode {
  const image = safeUrl(actor?.avatarUrl) ?? safeUrl(icon);
  if (image) return <img src={image} alt="" loading="lazy" referrerPolicy="no-referrer" />;
  if (icon && !/^[\w./:-]*$/.test(icon)) return <span data-emoji>{icon}</span>;
  if (actor && severity === 'info') return <span data-initials>{initials(actor.name)}</span>;
  return <Icon name={severity} />;
}

/** The first letters of the first word and of the last. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
}
