import { BelfryError } from '@belfry/protocol';

const STRING = 24;
const NODE = 16;

/** Far above any request. What goes in a circle gets there too. */
const MOST = 128 * 1_048_576;

/**
 * About what a plain value takes in memory, without making a copy to find out.
 *
 * @throws BelfryError `invalid` where something in it can't be stored: JSON would leave it out without a word.
 */
export function plainSize(value: unknown): number {
  const open: object[] = [];
  let bytes = sizeIn(value, open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    bytes += sizeOfMembers(next, open);
    if (bytes > MOST) throw new BelfryError('too_large', 'This is larger than the database takes.');
  }
  return bytes;
}

/** Without a list of them in between: this is asked of every write. */
function sizeOfMembers(value: object, open: object[]): number {
  let bytes = 0;
  if (Array.isArray(value)) for (const member of value) bytes += sizeIn(member, open);
  else for (const key in value) bytes += sizeIn((value as Record<string, unknown>)[key], open);
  return bytes;
}

/** What has members is measured later: it may be nested deeper than any walk could follow. */
function sizeIn(value: unknown, open: object[]): number {
  if (typeof value === 'string') return NODE + STRING + 2 * value.length;
  if (typeof value === 'object' && value !== null) open.push(value);
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') throw notPlain();
  return NODE;
}

function notPlain(): BelfryError {
  const message = 'This holds something that cannot be stored. Use plain data only: no functions, no symbols.';
  return new BelfryError('invalid', message);
}
