import type { RunLine } from '@belfry/protocol';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';
import { type LineRange, rangeAround } from './line-range.ts';
import { placeOf, scrollTo } from './place.ts';

export interface InPlace {
  /** What of the lines is to be drawn. */
  range: LineRange;
  /** How many have come since it was scrolled away from its end; null while it follows. */
  missed: number | null;
  follow: () => void;
}

/**
 * Keeps a log at its end while more comes, until it is scrolled up; then keeps it where it is, whatever comes after or is
 * put before. It follows again once it is scrolled down to the end.
 */
export function usePlace(
  scroller: RefObject<HTMLElement | null>,
  space: RefObject<HTMLElement | null>,
  lines: readonly RunLine[],
): InPlace {
  const count = lines.length;
  const first = lines[0]?.n ?? 1;
  const last = first + count - 1;
  const [range, setRange] = useState(() => rangeAround(count, 0, count));
  /** The newest line when it was scrolled up. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  /** The line at the top, and a part of one. */
  const top = useRef(0);
  const scrolled = useRef(0);
  /** The newest line when that was looked at. */
  const seen = useRef(last);

  const look = (): void => {
    const place = placeOf(scroller.current!, space.current!);
    top.current = first + place.top;
    scrolled.current = scroller.current!.scrollTop;
    seen.current = last;
    const next = rangeAround(Math.floor(place.top), place.tall, count);
    setRange((now) => (now.from === next.from && now.to === next.to ? now : next));
  };
  /** Since it was looked at. Lines may come before the browser tells of it, and must not pull it back. */
  const wasScrolledUp = (): boolean =>
    scroller.current!.scrollTop < scrolled.current && !placeOf(scroller.current!, space.current!).atEnd;
  const onScroll = (): void => {
    if (placeOf(scroller.current!, space.current!).atEnd) setLeftAt(null);
    else if (wasScrolledUp()) setLeftAt((now) => now ?? last);
    look();
  };
  const goToEnd = (): void => {
    scroller.current!.scrollTop = scroller.current!.scrollHeight;
    look();
  };

  useBeforePaint(() => {
    if (leftAt === null && wasScrolledUp()) {
      setLeftAt(seen.current);
      look();
    } else if (leftAt === null) goToEnd();
    else {
      scrollTo(scroller.current!, space.current!, top.current - first);
      look();
    }
  }, [first, last, leftAt === null]);
  useWatch(scroller, onScroll, leftAt === null ? goToEnd : look);

  return { range, missed: leftAt === null ? null : Math.max(0, last - leftAt), follow: () => setLeftAt(null) };
}

/** Calls what was given last, when it is scrolled and when it is given another size. */
function useWatch(scroller: RefObject<HTMLElement | null>, onScroll: () => void, onSize: () => void): void {
  const latest = useRef({ onScroll, onSize });
  useEffect(() => {
    latest.current = { onScroll, onSize };
  });
  useEffect(() => {
    const view = scroller.current!;
    // What is taken from the page is still heard of for a moment.
    const scroll = () => void (scroller.current && latest.current.onScroll());
    const observer = new ResizeObserver(() => void (scroller.current && latest.current.onSize()));
    observer.observe(view);
    view.addEventListener('scroll', scroll, { passive: true });
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', scroll);
    };
  }, [scroller]);
}
