/** What of a scenario is drawn beside its table. */
export type PlotSpec = BarsSpec | CurvesSpec;

/** One figure, a bar for each peer. */
export interface BarsSpec {
  readonly kind: 'bars';
  /** The metric. */
  readonly key: string;
}

/** Figures against the size of something, both on logarithmic axes: a straight line is a power of it. */
export interface CurvesSpec {
  readonly kind: 'curves';
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly CurveSpec[];
}

interface CurveSpec {
  readonly peer: string;
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly key: string }[];
}
