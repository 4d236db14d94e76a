import { type RefObject, useEffect, useRef } from 'react';
import type { NotificationItem } from '../hooks/notification-item.ts';

/** So long it must have been in view, and so long others are waited for, to be told together. */
const SEEN_AFTER_MS = 1_000;

/** Calls `tell` with the ids of items that were in view for a second, on a page that was. */
export function useSeen(
  scroller: RefObject<HTMLElement | null>,
  items: readonly NotificationItem[],
  tell: (ids: string[]) => void,
): void {
  const latest = useRef({ items, tell });
  const watch = useRef<Watch | null>(null);
  useEffect(() => {
    latest.current = { items, tell };
    watch.current?.look();
  });
  useEffect(() => {
    watch.current = watchViews(scroller.current!, (ids) => {
      const unseen = latest.current.items.filter(({ id, isSeen }) => !isSeen && ids.has(id));
      if (unseen.length > 0) latest.current.tell(unseen.map(({ id }) => id));
    });
    watch.current.look();
    return () => {
      watch.current?.stop();
      watch.current = null;
    };
  }, [scroller]);
}

interface Watch {
  /** Takes up rows that are new. */
  look: () => void;
  stop: () => void;
}

function watchViews(root: HTMLElement, tell: (ids: ReadonlySet<string>) => void): Watch {
  const since = new Map<string, number>();
  const watched = new WeakSet<Element>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const check = (): void => {
    timer = undefined;
    const now = performance.now();
    if (document.visibilityState !== 'visible') return;
    const ripe = [...since].filter(([, start]) => now - start >= SEEN_AFTER_MS).map(([id]) => id);
    for (const id of ripe) since.delete(id);
    if (ripe.length > 0) tell(new Set(ripe));
    wait();
  };
  const wait = (): void => {
    if (since.size > 0) timer ??= setTimeout(check, SEEN_AFTER_MS);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const id = (target as HTMLElement).dataset.row!;
        if (isIntersecting) since.set(id, performance.now());
        else since.delete(id);
        if (!target.isConnected) observer.unobserve(target);
      }
      wait();
    },
    { root, threshold: 0.5 },
  );
  /** The second starts anew for what is in view when the page is looked at again. */
  const visible = (): void => {
    for (const id of since.keys()) since.set(id, performance.now());
    wait();
  };
  document.addEventListener('visibilitychange', visible);

  return {
    look: () => {
      for (const row of root.querySelectorAll('li[data-row]')) {
        if (watched.has(row)) continue;
        watched.add(row);
        observer.observe(row);
      }
    },
    stop: () => {
      observer.disconnect();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', visible);
    },
  };
}
