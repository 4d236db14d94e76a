import { BelfryError } from '@belfry/protocol';

export type Outcome = { ok: unknown } | { failed: BelfryError };

/** What the driver throws for an answer of the server. */
interface ServerError {
  code: string;
  severity: string;
  constraint?: string;
}

type Translation = (cause: unknown) => BelfryError;

/** Of a restore, which drops the tables and makes them anew. */
const INCOMPLETE = 'The schema belfry lacks what belongs there. While a backup is restored, wait; else restore one.';

const away = (message: string): Translation => {
  return (cause) => unavailable(message, cause);
};

/** By SQLSTATE, or by its first two characters: the class. */
const BY_STATE: Record<string, Translation> = {
  '08': away('The connection to the database was lost.'),
  '22021': (cause) => new BelfryError('invalid', 'Text that is stored as it is can hold no NUL (U+0000).', { cause }),
  '22P05': (cause) => new BelfryError('invalid', 'This text cannot be stored by the database.', { cause }),
  '23505': brokenUniqueness,
  '25006': away('The database takes no writes (a standby?). Give Belfry the address of the primary.'),
  '25P02': away('The database gave up this transaction.'),
  '25P03': away('The database ended a transaction of ours that stood still for too long.'),
  '28': away("The database does not let Belfry's account in. Check DATABASE_URL, and the server's pg_hba.conf."),
  '3D': away('The database is not there. While a backup is restored, wait; otherwise correct DATABASE_URL.'),
  '40': away('The database had to undo this because of others at the same time. Try again.'),
  '42883': unknownFunction,
  '42P01': away(INCOMPLETE),
  '42501': away('The database account may not do this. Give it the rights on the schema belfry.'),
  '53': away('The database is out of memory or connections.'),
  '53100': away("The disk of the database is full. Make room on the database's machine."),
  '53200': away('The database is out of memory.'),
  '53300': away('The database takes no more connections. Raise its max_connections, or end other clients.'),
  '54': (cause) => new BelfryError('too_large', 'This is larger than the database takes.', { cause }),
  '55P03': away('The database is busy with something else.'),
  '57': away('The database was stopped or restarted.'),
  '57014': away('The database took too long.'),
  '57P03': away('The database is starting up or shutting down.'),
  '58': away('The disk of the database refused to read or write.'),
  XX: away('The database reports damage. Look into its log.'),
};

/** Of Node and of the driver: there was no answer. */
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
const LOST_MESSAGES = /connection terminated|not queryable|timeout expired|connection was destroyed/i;

/** What callers are told. */
export function translated(error: unknown): BelfryError {
  if (error instanceof BelfryError) return error;
  if (isLost(error)) return unavailable('The database does not answer.', error);
  const state = stateOf(error);
  const known = state && (BY_STATE[state] ?? BY_STATE[state.slice(0, 2)]);
  return known ? known(error) : new BelfryError('internal', 'The store could not do this.', { cause: error });
}

/** SQLSTATE, where it was the server that refused. */
export function stateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as Partial<ServerError>;
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** Whether the session is gone, or was never there. */
export function isLost(error: unknown): boolean {
  const state = stateOf(error);
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '25P03';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return LOST.has(String(code)) || LOST_MESSAGES.test(String(message));
}

/** The session goes on, and its transaction is undone. (Not by the severity: servers say that in their own language.) */
export function isRefusal(error: unknown): boolean {
  return stateOf(error) !== undefined && !isLost(error);
}

/** Undone because of other transactions, or a prepared statement that went stale: the same again may well succeed. */
export function isWorthRetrying(error: unknown): boolean {
  const state = stateOf(error) ?? '';
  return state.startsWith('40') || isStale(error) || isLost(error);
}

/** What one caller sent can't be stored: its neighbours' can. */
export function isBadData(error: unknown): boolean {
  const state = stateOf(error);
  if (state === undefined) return error instanceof TypeError || error instanceof RangeError;
  return ['22', '23', '54'].includes(state.slice(0, 2));
}

/** A statement prepared before someone changed the tables, or forgotten by a pooler. */
export function isStale(error: unknown): boolean {
  return ['0A000', '26000'].includes(stateOf(error) ?? '');
}

/** What we call in the schema. The name stands in the message, whatever language that is in. */
const OUR_FUNCTIONS = /\b(open_log|hold_log)\(/;

/** Also of an operator that there is none of. What is not of the schema does not come back with it: it is a mistake of ours. */
function unknownFunction(cause: unknown): BelfryError {
  if (OUR_FUNCTIONS.test((cause as Error).message)) return unavailable(INCOMPLETE, cause);
  return new BelfryError('internal', 'The store could not do this.', { cause });
}

const GIVEN_IDS = new Set(['notifications_by_id', 'questions_by_id', 'runs_id_key']);

/** Ids are given by the caller of the store, and may repeat. Any other broken constraint is a mistake of ours. */
function brokenUniqueness(cause: unknown): BelfryError {
  if (!GIVEN_IDS.has(String((cause as ServerError).constraint))) {
    return new BelfryError('internal', 'The store could not do this.', { cause });
  }
  return new BelfryError('invalid', 'Something with this id exists already. Use a new one.', { field: 'id', cause });
}

export function unavailable(message: string, cause?: unknown): BelfryError {
  return new BelfryError('unavailable', message, { cause, retryAfter: 1 });
}
