import { BelfryError, invalid } from '@belfry/protocol';

/**
 * As `JSON.stringify`, which writes NaN and Infinity as null: what went wrong in a sum would be stored as nothing.
 *
 * @throws BelfryError `invalid` with the path of a number that JSON does not have, or for what it can't hold at all.
 */
export function exactJson(value: unknown): string {
  const json = jsonOf(value);
  // Such a number has become a null, so most values need no second look.
  const found = json?.includes('null') ? noNumberIn(value, []) : null;
  if (found === null) return json;
  const field = found.join('.');
  throw invalid(field, `${field} is not a number that JSON has. Leave it out, or send null if that is what is meant.`);
}

/** What holds itself, or a BigInt, has no JSON. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const [why] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new BelfryError('invalid', `This can't be sent as JSON: ${why}.`, { cause });
  }
}

function noNumberIn(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return null;
  for (const [name, one] of Object.entries(value)) {
    const found = noNumberIn(one, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}
