import { type CaseResult, spreadOf, titleOf } from '../report/results.ts';
import { barsDrawing } from './bars.ts';
import { type Curve, curvesDrawing } from './curves.ts';
import type { BarsSpec, CurvesSpec } from './spec.ts';

export interface Plot {
  /** Of the file, without its ending. */
  name: string;
  title: string;
  svg: string;
}

/** What of a case can be drawn: all that its scenario wants and that was measured. */
export function plotsOf(result: CaseResult): Plot[] {
  const { plots = [] } = result.scenario;
  return plots.flatMap((spec) => (spec.kind === 'bars' ? bars(result, spec) : curves(result, spec)));
}

function bars(result: CaseResult, { key }: BarsSpec): Plot[] {
  const metric = result.scenario.metrics.find((one) => one.key === key);
  const measured = [...result.rounds].flatMap(([label, rounds]) => {
    const spread = spreadOf(rounds, key);
    return spread === null ? [] : [{ label, spread }];
  });
  if (metric === undefined || measured.length < 2) return [];
  const title = `${titleOf(result)}: ${metric.label}`;
  const better =
    metric.better === 'higher' ? ' (more is better)' : metric.better === 'lower' ? ' (less is better)' : '';
  const name = `${titleOf(result)} ${key}`.toLowerCase().replaceAll(/\W+/g, '-');
  return [{ name, title, svg: barsDrawing(title, metric.label + better, metric.digits, measured) }];
}

function curves({ rounds }: CaseResult, { name, title, x, y, curves: wanted }: CurvesSpec): Plot[] {
  const measured = wanted.map(({ peer, label, points }): Curve => {
    const median = (key: string) => spreadOf(rounds.get(peer) ?? [], key)?.median ?? 0;
    const all = points.map((point) => [point.x, median(point.key)] as const);
    // There is no logarithm of what was not measured, or is nothing.
    return { label, points: all.filter(([, value]) => value > 0) };
  });
  const drawable = measured.filter(({ points }) => points.length > 1);
  return drawable.length === 0 ? [] : [{ name, title, svg: curvesDrawing({ title, x, y }, drawable) }];
}
