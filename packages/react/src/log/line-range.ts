/** Places in the list of lines: from the first up to, but not with, the second. */
export interface LineRange {
  from: number;
  to: number;
}

/** Lines are taken up and dropped this many at once, so that a little scrolling draws nothing anew. */
const STEP = 50;

/** More are not held for a selection: it is copied as a whole by its button, or lost. */
const MOST_SELECTED = 5_000;

/** What is to be drawn of `count` lines, for a view that shows `tall` of them beginning at `top`, and a step around it. */
export function rangeAround(top: number, tall: number, count: number): LineRange {
  const first = Math.max(0, Math.min(top, count - tall));
  const from = Math.max(0, (Math.floor(first / STEP) - 1) * STEP);
  return { from, to: Math.min(count, (Math.ceil((first + tall) / STEP) + 1) * STEP) };
}

/** Both, and what lies between them: a selection must not lose its ends, nor what is in it. */
export function spanning(seen: LineRange, selected: LineRange | null): LineRange {
  if (selected === null) return seen;
  const both = { from: Math.max(0, Math.min(seen.from, selected.from)), to: Math.max(seen.to, selected.to) };
  return both.to - both.from > MOST_SELECTED ? seen : both;
}

/** Where lines of these numbers stand. They have no gaps. */
export function placesOf({ from, to }: LineRange, lines: readonly { n: number }[]): LineRange {
  const first = lines[0]?.n ?? 1;
  return { from: from - first, to: Math.min(to - first, lines.length) };
}
