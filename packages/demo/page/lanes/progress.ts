/** How far a lane is with catching up. */
export interface Progress {
  caughtUp: boolean;
  /** Since when, in milliseconds since 1970. */
  since: number;
  /** What the lane answered 2xx for up to here had its time to come before the lane was last cut off; 0: nothing. */
  settled: number;
}

/** The two sides of a lane are watched over two connections: a moment of difference is not a loss. */
const GRACE_MS = 1_000;

export function firstProgress(now: number): Progress {
  return { caughtUp: false, since: now, settled: 0 };
}

/** The lane has caught up, or is cut off. What was settled before stays so: a loss is not undone by the next cut. */
export function progressed(progress: Progress, caughtUp: boolean, now: number): Progress {
  if (caughtUp === progress.caughtUp) return progress;
  return { caughtUp, since: now, settled: settledUntil(progress, now) };
}

/** What was answered 2xx up to here must have come by now. */
export function settledUntil({ caughtUp, since, settled }: Progress, now: number): number {
  return caughtUp && now >= since + GRACE_MS ? Math.max(settled, now - GRACE_MS) : settled;
}
