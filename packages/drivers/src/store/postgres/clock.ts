import type { Answer } from './connection.ts';

/** Milliseconds since 1970 by the database's clock, which all processes share. */
export const CLOCK_SQL = '(extract(epoch from clock_timestamp()) * 1000)::int8';

/** The time in an answer's first row, with what tests have turned it by. */
export function timeIn({ rows }: Answer, skew: () => number): number {
  return Math.floor((rows[0]?.now as number) + skew());
}
