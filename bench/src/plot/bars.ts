import type { Spread } from '../report/results.ts';
import { shown } from '../report/table.ts';
import { COLOURS, drawing, line, rectangle, text } from './svg.ts';
import { linearTicks, tickText } from './ticks.ts';

export interface Bar {
  label: string;
  spread: Spread;
}

const WIDTH = 760;
const LEFT = 150;
const RIGHT = 130;
const TOP = 44;
const ROW = 34;

/** A bar for each, with its median beside it and a line from the least to the most. */
export function barsDrawing(title: string, axis: string, digits: number, bars: readonly Bar[]): string {
  const ticks = linearTicks(Math.max(...bars.map(({ spread }) => spread.most)));
  const end = ticks.at(-1) as number;
  const x = (value: number) => LEFT + (value / end) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + bars.length * ROW;
  const grid = ticks.flatMap((tick) => [
    line(x(tick), TOP, x(tick), bottom, 'grid'),
    text(x(tick), bottom + 18, tickText(tick), 'small', 'middle'),
  ]);
  const rows = bars.flatMap(({ label, spread }, index) => {
    const middle = TOP + index * ROW + ROW / 2;
    return [
      text(LEFT - 10, middle + 4, label, '', 'end'),
      rectangle(LEFT, middle - 10, Math.max(1, x(spread.median) - LEFT), 20, `c${index % COLOURS}`),
      line(x(spread.least), middle, x(spread.most), middle, 'spread'),
      text(x(spread.most) + 8, middle + 4, shown(spread.median, digits)),
    ];
  });
  const below = text((LEFT + WIDTH - RIGHT) / 2, bottom + 38, axis, 'small', 'middle');
  return drawing(WIDTH, bottom + 50, title, [...grid, ...rows, below]);
}
