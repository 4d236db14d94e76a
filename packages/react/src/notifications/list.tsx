import { type ReactNode, useMemo, useRef } from 'react';
import { useClasses } from '../appearance/use-classes.ts';
import type { UseNotifications } from '../hooks/use-notifications.ts';
import { Item, type ItemProps } from '../item/item.tsx';
import { inboxWords } from '../localization/english/inbox.ts';
import { useWords } from '../localization/use-words.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { DaySection } from './day-section.tsx';
import { byDay, type DayGroup } from './days.ts';
import { ListEnd } from './list-end.tsx';
import { rowsOf } from './rows.ts';
import { Spacer } from './spacer.tsx';
import { useMore } from './use-more.ts';
import { useRoving } from './use-roving.ts';
import { useSeen } from './use-seen.ts';
import { useWindow, type Window } from './use-window.ts';

interface ListProps extends Pick<ItemProps, 'options' | 'acts'> {
  list: UseNotifications;
}

/** All that has been loaded, by days; of a long list only what is near enough to be seen is on the page. */
export function List({ list, options, acts }: ListProps): ReactNode {
  const { notifications: items, hasMore, readOnly } = list;
  const scroller = useRef<HTMLElement>(null);
  const classes = useClasses();
  const { say } = useWords(inboxWords);
  const { inbox } = useInboxClient();
  const groups = useMemo(() => byDay(items), [items]);
  const rows = useMemo(() => rowsOf(groups), [groups]);
  const window = useWindow(scroller, rows);
  const roving = useRoving(scroller, items, (id) => {
    const row = rows.indexOf(id);
    scroller.current?.scrollTo({ top: (window.offsets[row] ?? 0) - 80 });
  });
  const more = useMore(scroller, list);
  useSeen(scroller, items, (seen) => !readOnly && void inbox.seen(seen));

  const parts = partsOf(groups, window);
  const size = hasMore ? -1 : items.length;
  return (
    <section
      ref={scroller}
      className={classes('list')}
      aria-label={say('list.label')}
      tabIndex={-1}
      {...roving.handlers}
    >
      <Spacer height={parts[0]?.above ?? 0} />
      {parts.map(({ day, skipped, shown, firstPosition }) => (
        <DaySection key={day} day={day} skipped={skipped}>
          {shown.map((item, index) => (
            <Item
              key={item.id}
              {...{ item, options, acts, readOnly, size }}
              isCurrent={item.id === roving.currentId}
              position={firstPosition + index}
            />
          ))}
        </DaySection>
      ))}
      <Spacer height={window.offsets[rows.length]! - window.offsets[window.to]!} />
      <ListEnd hasMore={hasMore} more={more} />
    </section>
  );
}

interface Part {
  day: number;
  /** What is before this day. */
  above: number;
  /** What is of this day before the first item that is shown. */
  skipped: number;
  shown: UseNotifications['notifications'];
  /** Of the first item that is shown, counted from 1 over all days. */
  firstPosition: number;
}

/** What of each day is in the window. The heading of a day that is cut by its edge is there all the same. */
function partsOf(groups: readonly DayGroup<UseNotifications['notifications'][number]>[], window: Window): Part[] {
  const { from, to, offsets } = window;
  const parts: Part[] = [];
  let heading = 0;
  let before = 0;
  for (const { day, items } of groups) {
    const first = Math.max(heading + 1, from) - heading - 1;
    const last = Math.min(heading + 1 + items.length, to) - heading - 1;
    if (first < last || (heading >= from && heading < to)) {
      const skipped = offsets[heading + 1 + first]! - offsets[heading + 1]!;
      const shown = items.slice(first, Math.max(first, last));
      parts.push({ day, above: offsets[heading]!, skipped, shown, firstPosition: before + first + 1 });
    }
    heading += 1 + items.length;
    before += items.length;
  }
  return parts;
}
