import type { Action } from '@belfry/client';
import type { MouseEvent, ReactNode } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import { followByRouter } from '../links/follow.ts';
import { safeUrl } from '../links/safe-url.ts';
import type { PartProps } from './part-props.ts';

/** The buttons that its sender gave it. One whose address is not safe to follow is a button like those without one. */
export function ItemActions({ item, options, acts, tabIndex }: PartProps): ReactNode {
  const classes = useClasses();
  const click = (action: Action, event: MouseEvent): void => {
    options.onActionClick?.(item, action, event);
    acts.markRead(item);
    if (followByRouter(event, safeUrl(action.url), options.routerPush)) acts.left();
  };
  return (
    <div className={classes('itemActions')}>
      {item.actions.map((action, index) => {
        const url = safeUrl(action.url);
        const shared = {
          className: classes('button'),
          // Of a label that is too long the beginning is what stays.
          dir: 'auto',
          'data-primary-action': index === 0 || undefined,
          tabIndex,
          onClick: (event: MouseEvent) => click(action, event),
        };
        return url ? (
          <a key={action.id} {...shared} href={url} rel="noopener">
            {action.label}
          </a>
        ) : (
          <button key={action.id} {...shared} type="button">
            {action.label}
          </button>
        );
      })}
    </div>
  );
}
