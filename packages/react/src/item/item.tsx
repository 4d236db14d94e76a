import { memo, type ReactNode, type Ref } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import type { NotificationItem } from '../hooks/notification-item.ts';
import { Time } from '../time/time.tsx';
import { ItemActions } from './item-actions.tsx';
import { ItemMedia } from './item-media.tsx';
import { ItemTitle } from './item-title.tsx';
import { ItemTools } from './item-tools.tsx';
import type { ItemActs, ItemOptions } from './options.ts';

export interface ItemProps {
  item: NotificationItem;
  options: ItemOptions;
  acts: ItemActs;
  readOnly: boolean;
  /** The one that Tab leads to; the arrow keys lead to the others. */
  isCurrent: boolean;
  /** Its place in the whole list, of which perhaps only a part is on the page. */
  position: number;
  /** -1: there are more than are known here. */
  size: number;
  elementRef?: Ref<HTMLLIElement>;
}

export const Item = memo(function Item(props: ItemProps): ReactNode {
  const { item, options, isCurrent } = props;
  const classes = useClasses();
  return (
    <li
      ref={props.elementRef}
      className={classes('item')}
      aria-posinset={props.position}
      aria-setsize={props.size}
      data-row={item.id}
      data-unread={!item.isRead}
      data-severity={item.severity}
      data-own={options.renderNotification !== undefined}
      tabIndex={options.renderNotification ? (isCurrent ? 0 : -1) : undefined}
    >
      {options.renderNotification ? (
        options.renderNotification(item)
      ) : (
        <ItemFace {...{ item, options, isCurrent }} acts={props.acts} readOnly={props.readOnly} />
      )}
    </li>
  );
});

type FaceProps = Pick<ItemProps, 'item' | 'options' | 'acts' | 'readOnly' | 'isCurrent'>;

/** By itself: its place in the list changes with each that comes, and nothing here does. */
const ItemFace = memo(function ItemFace({ item, options, acts, readOnly, isCurrent }: FaceProps): ReactNode {
  const classes = useClasses();
  const shared = { item, options, acts, tabIndex: isCurrent ? 0 : -1 };
  return (
    <>
      <ItemMedia item={item} />
      <div className={classes('itemContent')}>
        <ItemTitle {...shared} />
        {item.body && (
          <p className={classes('itemBody')} dir="auto">
            {item.body}
          </p>
        )}
        <div className={classes('itemMeta')}>
          <Time iso={item.createdAt} />
          {item.subject?.title && (
            <>
              {/* Not part of the title, which may run the other way. */}
              <span aria-hidden="true">·</span>
              <span dir="auto">{item.subject.title}</span>
            </>
          )}
          {!readOnly && <ItemTools {...shared} />}
        </div>
        {item.actions.length > 0 && <ItemActions {...shared} />}
      </div>
    </>
  );
});
