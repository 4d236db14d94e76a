/** The first index from `low` on for which it is so, found by halving; `high` where there is none. */
export function firstWhere(low: number, high: number, isSo: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isSo(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
