import { describe, expect, test } from 'vitest';
import { placeBeside } from '../src/inbox/placement.ts';

const view = { width: 1_000, height: 800 };
const size = { width: 400, height: 600 };
const bell = { left: 500, top: 20, width: 40, height: 40 };

describe('the popover', () => {
  test('stands below the bell, with the edges in line that the placement names', () => {
    expect(placeBeside(bell, size, view, 'bottom-start', false)).toEqual({ left: 500, top: 68 });
    expect(placeBeside(bell, size, view, 'bottom-end', false)).toEqual({ left: 140, top: 68 });
    expect(placeBeside(bell, size, view, 'bottom', false)).toEqual({ left: 320, top: 68 });
  });

  test('from right to left the start is on the right', () => {
    expect(placeBeside(bell, size, view, 'bottom-start', true)).toEqual({ left: 140, top: 68 });
    expect(placeBeside(bell, size, view, 'bottom-end', true)).toEqual({ left: 500, top: 68 });
  });

  test('turns around where there is no room', () => {
    expect(placeBeside({ ...bell, top: 740 }, size, view, 'bottom', false).top).toBe(132);
    expect(placeBeside(bell, size, view, 'top', false).top).toBe(68);
  });

  test('never leaves the view', () => {
    expect(placeBeside({ ...bell, left: 960 }, size, view, 'bottom-start', false).left).toBe(592);
    expect(placeBeside({ ...bell, left: 0 }, size, view, 'bottom-end', false).left).toBe(8);
    expect(placeBeside({ ...bell, top: 400 }, size, view, 'bottom', false).top).toBe(192);
  });
});
