import { alike } from './alike.ts';
import { changesOf } from './changes.ts';
import type { Readable } from './store.ts';

/** A part of another value. It holds nothing of its own, and who subscribes hears when the part changes. */
export function selectFrom<Whole, Part>(whole: Readable<Whole>, select: (whole: Whole) => Part): Readable<Part> {
  let last: { whole: Whole; part: Part } | null = null;
  const getSnapshot = (): Part => {
    const now = whole.getSnapshot();
    if (last?.whole === now) return last.part;
    const part = select(now);
    last = { whole: now, part: last !== null && alike(last.part, part) ? last.part : part };
    return last.part;
  };
  return { subscribe: changesOf([whole], getSnapshot), getSnapshot };
}
