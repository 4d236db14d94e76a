type Side = 'top' | 'bottom';
type Alignment = 'start' | 'center' | 'end';

/** Below the bell or above it, and which of their edges are in line. Where there is no room it is turned around. */
export type Placement = Side | `${Side}-${'start' | 'end'}`;

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP_PX = 8;
const EDGE_PX = 8;

/** Where something of this size goes beside the anchor, within the view. */
export function placeBeside(
  anchor: Box,
  size: { width: number; height: number },
  view: { width: number; height: number },
  placement: Placement,
  isRtl: boolean,
): { left: number; top: number } {
  const [side, alignment = 'center'] = placement.split('-') as [Side, Alignment?];
  const below = anchor.top + anchor.height + GAP_PX;
  const above = anchor.top - GAP_PX - size.height;
  const fitsBelow = below + size.height <= view.height - EDGE_PX;
  const top = side === 'top' ? (above >= EDGE_PX ? above : below) : fitsBelow || above < EDGE_PX ? below : above;
  const atLeft = (alignment === 'start') !== isRtl;
  const left =
    alignment === 'center'
      ? anchor.left + (anchor.width - size.width) / 2
      : atLeft
        ? anchor.left
        : anchor.left + anchor.width - size.width;
  return { left: within(left, view.width - size.width), top: within(top, view.height - size.height) };
}

function within(value: number, most: number): number {
  return Math.max(EDGE_PX, Math.min(value, most - EDGE_PX));
}
