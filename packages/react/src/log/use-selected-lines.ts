import { type RefObject, useEffect, useState } from 'react';
import type { LineRange } from './line-range.ts';

/** The numbers of the lines that a selection reaches over, with the one after the last; null where there is none. */
export function useSelectedLines(scroller: RefObject<HTMLElement | null>): LineRange | null {
  const [selected, setSelected] = useState<LineRange | null>(null);
  useEffect(() => {
    const look = (): void => {
      const next = selectionIn(scroller.current!);
      setSelected((now) => (now?.from === next?.from && now?.to === next?.to ? now : next));
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [scroller]);
  return selected;
}

function selectionIn(log: HTMLElement): LineRange | null {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed) return null;
  const ends = [selection.anchorNode, selection.focusNode].map((node) => numberOf(node, log));
  if (ends.includes(null)) return null;
  const [one, other] = ends as [number, number];
  return { from: Math.min(one, other), to: Math.max(one, other) + 1 };
}

function numberOf(node: Node | null, log: HTMLElement): number | null {
  const element = node instanceof Element ? node : (node?.parentElement ?? null);
  const line = element?.closest<HTMLElement>('[data-n]');
  return line && log.contains(line) ? Number(line.dataset.n) : null;
}
