/** A place in a log: its number, and the random check value stored with the event there. */
export interface Position {
  n: number;
  check: string;
}

/** A position together with the epoch of the database it was read from. */
export interface Cursor extends Position {
  epoch: string;
  /** Sent between a change of access and the `state` that must follow it: whoever comes back with it is owed that. */
  owesState?: true;
}

/** Before the first event. It has no event and so a fixed check value. */
export const ORIGIN: Position = { n: 0, check: '0' };

// Letters, digits and dashes only: it travels as an SSE id, in headers and in query strings as it is.
const SHAPE = /^([0-9a-z]{1,16})-(0|[1-9][0-9]{0,15})-([0-9a-z]{1,8})(-s)?$/;

export function formatCursor(epoch: string, position: Position): string {
  return `${epoch}-${position.n}-${position.check}`;
}

/** The same position, where a `state` is still to come. */
export function owingState(cursor: string): string {
  return `${cursor}-s`;
}

/** Null for whatever Belfry can't have written. Whether the position exists is for the store to say. */
export function parseCursor(text: string): Cursor | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const n = Number(match[2]);
  if (!Number.isSafeInteger(n)) return null;
  const cursor = { epoch: match[1] as string, n, check: match[3] as string };
  return match[4] === undefined ? cursor : { ...cursor, owesState: true };
}
