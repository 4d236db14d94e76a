/** Past this a connection that was asked to end is destroyed. With what comes after, a bus closes within 2 s. */
const END_MS = 1_500;

/** @throws Error where it takes longer than `ms`. What it comes to then is nobody's concern any more. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends in good order or not at all: a rejection or a silence is as good as an end. */
export async function ended(work: Promise<unknown>, ms = END_MS): Promise<void> {
  await within(ms, work).catch(() => {});
}

/** Doubles from 100 ms to 5 s, and is never the same for two: processes that lost one engine do not return as one. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(5_000, 100 * 2 ** attempt) * (0.5 + random() / 2);
}
