import { type Newest, type Tail, tailOf } from '../sql/log/appender.ts';
import type { Answer, Statement } from './connection.ts';
import { LOCKS } from './locks.ts';

/** Takes the lock of a log until the transaction ends, and then finds its end: one row, also of an empty log. */
export function openLog(log: number): Statement {
  return ['select * from open_log($1, $2)', [LOCKS.log, log]];
}

/** The same as plain text, which can be sent together with the BEGIN. */
export function openLogText(log: number): string {
  if (!Number.isInteger(log)) throw new TypeError('The number of a log was expected.');
  return `select * from open_log(${LOCKS.log}, ${log})`;
}

export function tailIn(log: number, { rows }: Answer): Tail {
  const row = rows[0] as Newest | { n: null } | undefined;
  return tailOf(log, row === undefined || row.n === null ? undefined : row);
}
