import { type RefObject, useEffect, useRef, useState } from 'react';
import type { UseNotifications } from '../hooks/use-notifications.ts';

/** So far before its end the list asks for the next page. */
const AHEAD_PX = 800;

export interface More {
  /** The next page did not come; it is not asked for again by itself. */
  hasFailed: boolean;
  retry: () => void;
}

/** Asks for the next page when the end of the list comes near. */
export function useMore(scroller: RefObject<HTMLElement | null>, list: UseNotifications): More {
  const [hasFailed, setHasFailed] = useState(false);
  const latest = useRef(list);
  /** Known at once: in a rush the list tells a little later that it is fetching. */
  const asked = useRef(false);
  const look = useRef(() => {});
  look.current = () => {
    const element = scroller.current;
    const { hasMore, isFetching, fetchMore } = latest.current;
    // Heights last: asking for them makes the browser lay out the page.
    if (!element || !hasMore || isFetching || asked.current || hasFailed || element.clientHeight === 0) return;
    if (element.scrollHeight - element.scrollTop - element.clientHeight > AHEAD_PX) return;
    asked.current = true;
    void fetchMore().then((came) => {
      asked.current = false;
      const failed = !came && latest.current.hasMore;
      setHasFailed(failed);
      if (!failed) look.current();
    });
  };
  useEffect(() => {
    latest.current = list;
    look.current();
  });
  useEffect(() => {
    const element = scroller.current!;
    const listener = (): void => look.current();
    element.addEventListener('scroll', listener, { passive: true });
    return () => element.removeEventListener('scroll', listener);
  }, [scroller]);
  return { hasFailed, retry: () => setHasFailed(false) };
}
