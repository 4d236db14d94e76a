import { COLOURS, dot, drawing, line, polyline, text, uprightText } from './svg.ts';
import { logTicks, tickText } from './ticks.ts';

export interface Curve {
  label: string;
  points: readonly (readonly [x: number, y: number])[];
}

interface Axes {
  title: string;
  x: string;
  y: string;
}

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 80;
const RIGHT = 220;
const TOP = 44;
const BOTTOM = 56;

/** Both axes are logarithmic. The names stand beside the ends of the curves. */
export function curvesDrawing({ title, x: xLabel, y: yLabel }: Axes, curves: readonly Curve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const ys = logTicks(Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([, y]) => y)));
  const x = logScale(xs[0] as number, xs.at(-1) as number, LEFT + 16, WIDTH - RIGHT);
  const y = logScale(ys[0] as number, ys.at(-1) as number, HEIGHT - BOTTOM, TOP);
  const grid = [
    ...ys.map((tick) => line(LEFT, y(tick), WIDTH - RIGHT, y(tick), 'grid')),
    ...ys.map((tick) => text(LEFT - 8, y(tick) + 4, tickText(tick), 'small', 'end')),
    ...xs.map((tick) => text(x(tick), HEIGHT - BOTTOM + 20, tickText(tick), 'small', 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, xLabel, 'small', 'middle'),
    uprightText(20, (TOP + HEIGHT - BOTTOM) / 2, yLabel),
  ];
  const names = spreadOut(curves.map(({ points }) => y(points.at(-1)?.[1] ?? 1)));
  const drawn = curves.flatMap(({ label, points }, index) => {
    const places = points.map(([px, py]) => [x(px), y(py)] as const);
    const colour = `c${index % COLOURS}`;
    const name = text(WIDTH - RIGHT + 12, (names[index] as number) + 4, label);
    return [polyline(places, colour), ...places.map(([px, py]) => dot(px, py, colour)), name];
  });
  return drawing(WIDTH, HEIGHT, title, [...grid, ...drawn]);
}

function logScale(least: number, most: number, from: number, to: number): (value: number) => number {
  const span = Math.log(most / least) || 1;
  return (value) => from + (Math.log(value / least) / span) * (to - from);
}

/** Moves labels apart that would lie on each other, in the order of their places. */
function spreadOut(places: readonly number[]): number[] {
  const result = [...places];
  const order = places.map((_, index) => index).sort((a, b) => (places[a] as number) - (places[b] as number));
  for (let at = 1; at < order.length; at += 1) {
    const [before, own] = [order[at - 1] as number, order[at] as number];
    result[own] = Math.max(result[own] as number, (result[before] as number) + 18);
  }
  return result;
}
