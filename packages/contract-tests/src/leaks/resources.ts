/** How many of each kind of resource keep this process alive now, timers aside. */
export type Resources = ReadonlyMap<string, number>;

// Of these the test runner's own come and go, or they end by themselves: timers are watched one by one instead, and
// the others are single requests, not things that stay open.
const ignored = new Set(['Timeout', 'Immediate', 'TTYWrap', 'FSReqCallback', 'FSReqPromise', 'TickObject']);

export function openResources(): Resources {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!ignored.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What is open now beyond what was open before, one line a kind. */
export function surplus(before: Resources, now: Resources): string[] {
  return [...now].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} × ${kind}`] : [];
  });
}
