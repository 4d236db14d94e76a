import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useBeforePaint } from '../root/use-before-paint.ts';
import { offsetsOf, rowAt } from './rows.ts';

/** As many rows are cheaper to keep on the page than to come and go. */
const FEW_ROWS = 150;
/** So much above and below what is seen is there, too. */
const MARGIN_PX = 900;
/** Scrolled by less than this, what is there will do. */
const STEP_PX = 300;

export interface Window {
  /** Rows that are to be on the page: from the first up to, but not including, the second. */
  from: number;
  to: number;
  /** Where each row begins, measured or guessed. */
  offsets: Float64Array;
}

/** Which rows of a long list are near enough to be seen. Their heights may differ: each is measured once it is there. */
export function useWindow(scroller: RefObject<HTMLElement | null>, rows: readonly string[]): Window {
  const isLong = rows.length > FEW_ROWS;
  const heights = useRef(new Map<string, number>()).current;
  const [measured, setMeasured] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `measured` says that `heights` has changed
  const offsets = useMemo(() => offsetsOf(rows, heights), [rows, heights, measured]);
  const view = useView(scroller, isLong);
  const { from, to } = isLong ? near(offsets, view) : { from: 0, to: rows.length };

  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are on the page then
  useEffect(() => {
    if (!isLong) return;
    const observer = new ResizeObserver((entries) => {
      let changed = false;
      for (const { target, borderBoxSize } of entries) {
        const key = (target as HTMLElement).dataset.row!;
        const size = borderBoxSize[0]?.blockSize ?? 0;
        if (size === 0 || Math.abs((heights.get(key) ?? 0) - size) < 0.5) continue;
        heights.set(key, size);
        changed = true;
      }
      if (!changed) return;
      // What is on the page is drawn anew only if other rows should be there: its own height changes nothing around it.
      offsets.set(offsetsOf(rows, heights));
      const now = near(offsets, view);
      if (now.from !== from || now.to !== to) setMeasured((count) => count + 1);
    });
    for (const row of scroller.current?.querySelectorAll('[data-row]') ?? []) observer.observe(row);
    return () => observer.disconnect();
  }, [isLong, from, to, offsets, view, scroller]);

  return { from, to, offsets };
}

function near(offsets: Float64Array, { top, height }: View): { from: number; to: number } {
  const last = rowAt(offsets, top + height + MARGIN_PX);
  return { from: rowAt(offsets, top - MARGIN_PX), to: Math.min(offsets.length - 1, last + 1) };
}

interface View {
  top: number;
  height: number;
}

/** Which part of its content an element shows, to a step. */
function useView(scroller: RefObject<HTMLElement | null>, isWanted: boolean): View {
  const [view, setView] = useState({ top: 0, height: 800 });
  useBeforePaint(() => {
    const element = scroller.current;
    if (!isWanted || element === null) return;
    const look = (): void => {
      const { scrollTop: top, clientHeight: height } = element;
      setView((last) => (Math.abs(last.top - top) < STEP_PX && last.height === height ? last : { top, height }));
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, isWanted]);
  return view;
}
