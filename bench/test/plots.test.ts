import { expect, it } from 'vitest';
import { barsDrawing } from '../src/plot/bars.ts';
import { curvesDrawing } from '../src/plot/curves.ts';
import { linearTicks, logTicks, tickText } from '../src/plot/ticks.ts';

it('has round ticks from nothing to beyond the most', () => {
  expect(linearTicks(899_085)).toEqual([0, 200_000, 400_000, 600_000, 800_000, 1_000_000]);
  expect(linearTicks(0.7)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  expect(linearTicks(0)).toEqual([0, 1]);
});

it('has the powers of ten around what is on a logarithmic axis', () => {
  expect(logTicks(3, 420)).toEqual([1, 10, 100, 1_000]);
  expect(logTicks(10, 10)).toEqual([10, 100]);
  expect([1_500_000, 15_000, 0.1].map(tickText)).toEqual(['1.5 M', '15,000', '0.1']);
});

it('draws bars as long as their figures, and names them', () => {
  const spread = (median: number) => ({ median, least: median, most: median });
  const svg = barsDrawing('Speed', 'messages/s', 0, [
    { label: 'Mine <1>', spread: spread(1_000) },
    { label: 'Theirs', spread: spread(250) },
  ]);
  const widths = [...svg.matchAll(/<rect class="c\d"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect((widths[0] as number) / (widths[1] as number)).toBeCloseTo(4);
  expect(svg).toContain('>Mine &lt;1></text>');
  expect(svg).toContain('>messages/s</text>');
});

it('draws a power of its size as a straight line', () => {
  const points = [1, 4, 16].map((x) => [x, 3 * x ** 2] as const);
  const svg = curvesDrawing({ title: 'Growth', x: 'size', y: 'cost' }, [{ label: 'square', points }]);
  const list = /points="([^"]+)"/.exec(svg)?.[1] ?? '';
  const [a, b, c] = list.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]);
  if (a === undefined || b === undefined || c === undefined) throw new Error('It has no three points.');
  expect((b[1] - a[1]) / (b[0] - a[0])).toBeCloseTo((c[1] - b[1]) / (c[0] - b[0]), 1);
});
