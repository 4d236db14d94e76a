const STILL_MS = 2_000;

/** Resolves when the work has ended, or once nothing has moved on for 2 s. */
export function settledOrStill(work: Promise<unknown>, progress: () => number): Promise<void> {
  return new Promise((resolve) => {
    let last = progress();
    const look = setInterval(() => {
      if (progress() === last) end();
      last = progress();
    }, STILL_MS);
    const end = () => {
      clearInterval(look);
      resolve();
    };
    void work.then(end, end);
  });
}
