import { setTimeout as sleep } from 'node:timers/promises';
import { BelfryError } from '@belfry/protocol';
import type { Answer, Connection, Statement } from './connection.ts';
import { isRefusal, isWorthRetrying } from './failures.ts';
import { Pipeline } from './pipeline.ts';
import type { Pool } from './pool.ts';

const TRIES = 5;
const PAUSE_MS = 20;

const BEGIN = 'begin isolation level read committed read write';

/** What a transaction comes to, and what is still to be sent, together with its COMMIT. */
interface Ending<Result> {
  result: Result;
  last: readonly Statement[];
  /** What was sent before and not waited for. */
  ahead?: Pipeline;
}

/** What a transaction begins with: a text without values, which goes with the BEGIN, and what is sent behind it. */
export type Opening = readonly [first: string, ...more: Statement[]];

export type Work<Result> = (connection: Connection, answers: Answer[]) => Promise<Ending<Result>>;

/**
 * Runs the work in a transaction that begins with these statements (their answers are given to it) and commits.
 * Resolves when the commit is on disk. Begins again where others were in the way or the connection was lost before the
 * COMMIT was sent; after that, never.
 *
 * @throws BelfryError `unavailable` where it is not known whether the commit happened.
 */
export async function inTransaction<Result>(
  pool: Pool,
  opening: (connection: Connection) => Promise<Opening>,
  work: Work<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await pool.use((connection) => attempt(connection, opening, work));
    } catch (error) {
      if (tries === TRIES || error instanceof BelfryError || !isWorthRetrying(error)) throw error;
      await sleep(PAUSE_MS * tries * Math.random());
    }
  }
}

async function attempt<Result>(
  connection: Connection,
  opening: (connection: Connection) => Promise<Opening>,
  work: Work<Result>,
): Promise<Result> {
  const [first, ...more] = await opening(connection);
  try {
    const answers = await connection.batch([[`${BEGIN}${connection.renewal}; ${first}`], ...more]);
    const { result, last, ahead = new Pipeline(connection) } = await work(connection, answers);
    await commit(connection, last, ahead);
    return result;
  } catch (error) {
    connection.query('rollback').catch(() => {});
    throw error;
  }
}

/** Where a statement before it was refused, the server makes the COMMIT a rollback, and says so. */
async function commit(connection: Connection, last: readonly Statement[], ahead: Pipeline): Promise<void> {
  // Lost before the COMMIT is sent: then nothing is kept.
  connection.assertOpen();
  const answers = await connection.sendAll([...last, ['commit']]);
  const end = answers.at(-1);
  if (end?.status === 'fulfilled' && end.value.command === 'COMMIT') return;
  const failures = [...(await ahead.failures()), ...answers.flatMap(failureIn)];
  const refusal = failures.find(isRefusal);
  if (refusal !== undefined) throw refusal;
  if (end?.status === 'fulfilled')
    throw new Error('The database rolled back a transaction that nothing had failed in.');
  throw outcomeUnknown(failures[0]);
}

function failureIn(answer: PromiseSettledResult<Answer>): unknown[] {
  return answer.status === 'rejected' ? [answer.reason] : [];
}

export function outcomeUnknown(cause: unknown): BelfryError {
  return new BelfryError(
    'unavailable',
    'The connection to the database was lost during the commit, so this may or may not have been kept. ' +
      'Send it again with the same Idempotency-Key to be sure.',
    { cause, retryAfter: 1 },
  );
}
