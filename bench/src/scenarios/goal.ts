/** What a figure of one peer should come to. */
export interface Goal {
  readonly peer: string;
  readonly key: string;
  readonly is: 'at least' | 'at most';
  /** A number, or a share of what another peer came to in the same run. */
  readonly target: number | { share: number; of: string };
}

/** The median of each figure, by peer and key; undefined where it was not measured. */
export type MedianOf = (peer: string, key: string) => number | undefined;

export interface Judged {
  figure: number;
  target: number;
  reached: boolean;
}

/** Null where a figure is missing. */
export function judge({ peer, key, is, target }: Goal, medianOf: MedianOf): Judged | null {
  const figure = medianOf(peer, key);
  const number = typeof target === 'number' ? target : shareOf(target, medianOf(target.of, key));
  if (figure === undefined || number === undefined) return null;
  return { figure, target: number, reached: is === 'at least' ? figure >= number : figure <= number };
}

function shareOf({ share }: { share: number }, figure: number | undefined): number | undefined {
  return figure === undefined ? undefined : share * figure;
}
