/** What a figure of one peer should come to. */
export interface Goal {
  readonly peer: string;
  readonly key: string;
  readonly is: 'at least' | 'at most';
  readonly target: Target;
  /** With so many in flight only. */
  readonly inFlight?: number;
}

/** A number, or a share of what was measured in the same run. */
type Target = number | ShareOf;

interface ShareOf {
  readonly share: number;
  /** The peer. */
  readonly of: string;
  /** The figure; the goal's own, unless said. */
  readonly key?: string;
  /** And so much more. */
  readonly plus?: ShareOf;
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
  const number = typeof target === 'number' ? target : shareOf(target, key, medianOf);
  if (figure === undefined || number === undefined) return null;
  return { figure, target: number, reached: is === 'at least' ? figure >= number : figure <= number };
}

function shareOf({ share, of, key, plus }: ShareOf, goalKey: string, medianOf: MedianOf): number | undefined {
  const figure = medianOf(of, key ?? goalKey);
  const more = plus === undefined ? 0 : shareOf(plus, goalKey, medianOf);
  return figure === undefined || more === undefined ? undefined : share * figure + more;
}

/** As people say it, such as `at most nchan + 3 × one commit, p50, ms`. */
export function wantedText({ is, target, key }: Goal, number: (value: number) => string, label: LabelOf): string {
  return `${is} ${typeof target === 'number' ? number(target) : shareText(target, key, label)}`;
}

type LabelOf = (key: string) => string;

function shareText({ share, of, key, plus }: ShareOf, goalKey: string, label: LabelOf): string {
  const times = share === 1 ? '' : `${Number(share.toFixed(2))} × `;
  const what = key === undefined || key === goalKey ? of : label(key);
  return `${times}${what}${plus === undefined ? '' : ` + ${shareText(plus, goalKey, label)}`}`;
}
