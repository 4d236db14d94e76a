/**
 * Waits for all of them, and throws what the first that failed has thrown. `Promise.all` would not wait for the others:
 * they would write on after what their step has done was taken back, and what they wrote would stay.
 */
export async function allOver(works: readonly Promise<unknown>[]): Promise<void> {
  for (const work of await Promise.allSettled(works)) if (work.status === 'rejected') throw work.reason;
}

/** The same with what each of them gives. Where questions travel, those that need no other's answer travel together. */
export async function together<Works extends readonly Promise<unknown>[]>(
  ...works: Works
): Promise<{ -readonly [Index in keyof Works]: Awaited<Works[Index]> }> {
  await allOver(works);
  return Promise.all(works);
}
