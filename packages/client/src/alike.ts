/** A snapshot, its lists, their items: what lies deeper is replaced whole when it changes. */
const DEPTH = 3;

/** Whether two values hold the same, down to the fields of the items of a snapshot. */
export function alike(one: unknown, other: unknown, depth = DEPTH): boolean {
  if (Object.is(one, other)) return true;
  // The length first of all: the keys of a long list are many.
  if (depth === 0 || !isPlain(one) || !isPlain(other) || one.length !== other.length) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && alike(one[key], other[key], depth - 1));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype);
}
