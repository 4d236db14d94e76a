import type { MouseEvent, ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { followByRouter } from '../links/follow.ts';
import { safeUrl } from '../links/safe-url.ts';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import type { PartProps } from './part-props.ts';

/** What a click anywhere on the item clicks: the stylesheet stretches it. */
export function ItemTitle({ item, options, acts, tabIndex }: PartProps): ReactNode {
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const url = safeUrl(item.actionUrl);
  const click = (event: MouseEvent): void => {
    options.onNotificationClick?.(item, event);
    acts.markRead(item);
    if (followByRouter(event, url, options.routerPush)) acts.left();
  };
  const shared = { className: classes('itemTitle'), onClick: click, tabIndex, 'data-primary': true };
  const text = (
    <>
      {!item.isRead && <span className={classes('hidden')}>{say('item.unread')}: </span>}
      <span dir="auto">{item.title}</span>
    </>
  );
  return url ? (
    <a {...shared} href={url} rel="noopener">
      {text}
    </a>
  ) : (
    <button {...shared} type="button">
      {text}
    </button>
  );
}
