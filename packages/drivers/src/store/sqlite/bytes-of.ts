const STRING = 24;
const NODE = 16;

/** About what a plain value takes in memory, without making a copy to find out. Safe for whatever depth and circles. */
export function bytesOf(value: unknown): number {
  let bytes = 0;
  const seen = new Set<object>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    bytes += typeof next === 'string' ? STRING + 2 * next.length : NODE;
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    for (const member of Object.values(next)) open.push(member);
  }
  return bytes;
}
