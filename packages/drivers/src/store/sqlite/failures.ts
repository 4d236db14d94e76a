import { BelfryError, type ErrorCode } from '@belfry/protocol';

/** A BelfryError as plain data: errors lose their class on the way between threads. */
export interface Failure {
  code: ErrorCode;
  message: string;
  field?: string;
  retryAfter?: number;
  answer?: unknown;
  /** For the operator's log. */
  cause?: string;
}

export type Outcome = { ok: unknown } | { failed: Failure };

export function toFailure(error: unknown): Failure {
  const { code, message, field, retryAfter, answer, cause } = error instanceof BelfryError ? error : translated(error);
  const failure: Failure = { code, message };
  if (field !== undefined) failure.field = field;
  if (retryAfter !== undefined) failure.retryAfter = retryAfter;
  if (answer !== undefined) failure.answer = answer;
  if (cause !== undefined) failure.cause = cause instanceof Error ? String(cause.stack) : String(cause);
  return failure;
}

export function fromFailure({ code, message, ...options }: Failure): BelfryError {
  return new BelfryError(code, message, options);
}

/** SQLite's own result codes, the low byte of `errcode`. */
const RESULTS: Record<number, (cause: unknown) => BelfryError> = {
  5: (cause) => unavailable('The database is busy with something else.', cause),
  8: (cause) => unavailable('The database cannot be written to. Check the rights on its folder.', cause),
  10: (cause) => unavailable('The disk refused to read or write the database.', cause),
  11: (cause) => unavailable('The database file is damaged. Restore a backup.', cause),
  13: (cause) => unavailable('The disk is full. Make room in the data folder.', cause),
  14: (cause) => unavailable('The database file cannot be opened. Check the rights on its folder.', cause),
  18: (cause) => new BelfryError('too_large', 'This is larger than the database takes.', { cause }),
  19: brokenConstraint,
  26: (cause) => unavailable('The database file is not a database. Restore a backup.', cause),
};

/** Ids are given by the caller of the store, and may repeat. Any other broken constraint is a mistake of ours. */
function brokenConstraint(cause: unknown): BelfryError {
  if (!/\b(notifications|questions|runs)\.id\b/.test(String((cause as Error).message))) return internal(cause);
  return new BelfryError('invalid', 'Something with this id exists already. Use a new one.', { field: 'id', cause });
}

function internal(cause: unknown): BelfryError {
  return new BelfryError('internal', 'The store could not do this.', { cause });
}

function translated(error: unknown): BelfryError {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  const known = typeof code === 'number' ? RESULTS[code & 0xff] : undefined;
  return known?.(error) ?? internal(error);
}

export function unavailable(message: string, cause?: unknown): BelfryError {
  return new BelfryError('unavailable', message, { cause, retryAfter: 1 });
}
