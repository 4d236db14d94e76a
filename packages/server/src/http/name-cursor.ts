import { invalid } from '@belfry/protocol';

/** The cursor of a list that is ordered by name. */
export function cursorOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** @throws BelfryError `invalid` where it is not one of these. */
export function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (cursorOf(name) === cursor && !name.includes('\0')) return name;
  throw invalid('cursor', 'cursor is not one of this list. Take it from nextCursor of the page before, as it is.');
}
