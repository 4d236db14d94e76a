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
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') bytes += STRING + 2 * next.length;
    else if (typeof next !== 'object') bytes += sizeOfScalar(next);
    else if (next !== null) pushMembers(open, next);
    bytes += NODE;
    if (bytes > MOST) throw new BelfryError('too_large', 'This is larger than the database takes.');
  }
  return bytes;
}

/** Without a list of them in between: this is asked of every write. */
function pushMembers(open: unknown[], value: object): void {
  if (Array.isArray(value)) for (const member of value) open.push(member);
  else for (const key in value) open.push((value as Record<string, unknown>)[key]);
}

function sizeOfScalar(value: unknown): number {
  if (['function', 'symbol', 'bigint'].includes(typeof value)) throw notPlain();
  return 0;
}

function notPlain(): BelfryError {
  const message = 'This holds something that cannot be stored. Use plain data only: no functions, no symbols.';
  return new BelfryError('invalid', message);
}
