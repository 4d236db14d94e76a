/** Where a log is scrolled to, in lines. */
export interface Place {
  /** How many lines are above, and a part of one. */
  top: number;
  /** How many can be seen. */
  tall: number;
  /** Nothing is below. */
  atEnd: boolean;
}

const USUAL_PX = 20;

export function placeOf(scroller: HTMLElement, space: HTMLElement): Place {
  const height = lineHeight(space);
  return {
    top: Math.max(0, (scroller.scrollTop - space.offsetTop) / height),
    tall: Math.ceil(scroller.clientHeight / height),
    // Half a pixel is lost where a page is zoomed.
    atEnd: scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= 1,
  };
}

/** Leaves so many lines above. */
export function scrollTo(scroller: HTMLElement, space: HTMLElement, top: number): void {
  scroller.scrollTop = space.offsetTop + top * lineHeight(space);
}

function lineHeight(space: HTMLElement): number {
  const line = space.querySelector('[data-n]');
  return line?.getBoundingClientRect().height || USUAL_PX;
}
