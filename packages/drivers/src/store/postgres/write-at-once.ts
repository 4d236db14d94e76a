import { topicOf } from '@belfry/core';
import { isAppend } from '../sql/is-append.ts';
import type { Tail } from '../sql/log/appender.ts';
import type { WriteCall } from '../sql/write-ops.ts';
import { textArray } from './arrays.ts';
import { timeIn } from './clock.ts';
import type { Answer, Connection, Statement } from './connection.ts';
import { isBadData, isLost, isWorthRetrying, type Outcome, translated } from './failures.ts';
import { commitOf, type Gathering } from './gathering.ts';
import { GroupAppender } from './group-appender.ts';
import type { Place, SentGroup } from './groups-under-way.ts';
import { joinedUnder } from './joined.ts';
import { LOCKS } from './locks.ts';
import { orStale } from './pool.ts';
import { outcomeUnknown } from './transaction.ts';
import type { Writer } from './writer.ts';

const NO_RUN = { runTail: undefined, tenantHead: 0 };
const HOLD = { name: 'hold', text: 'select * from hold_log($1, $2, $3, $4, $5, $6)' };

/**
 * Commits a group by one statement, which is a transaction of its own, where this process knows how its tenant's log
 * ended: one round trip, and the log's lock is held no longer than the statement runs. Undefined: nothing was written,
 * and the group is to be done in its steps.
 *
 * What makes it as good as those:
 * - It has no more than publishes and events of the app, which need nothing but the end of the log (`isAppend`); of a
 *   run's log there is more that can change, so its groups ask.
 * - Numbers, check values and sizes are made from an end that is guessed. The statement looks at the end again, under the
 *   log's lock, and at the idempotency keys, and writes nothing where it is another or a key was used: so numbers have no
 *   gap and no key works twice, whoever else writes. A database that was set back has another end, or truly this one.
 * - The time is the database's, but for some seconds that it may have been on its way, or nothing is written.
 * - Whatever the server refuses in it, it refuses whole; which member was to blame the steps find out.
 * - It waits for no lock: where another holds the log's, nothing is written.
 * - An answer means that the commit is on disk. Where none comes, nobody knows whether it happened, as with a COMMIT.
 *
 * While it is under way another may be sent behind it on the same connection, with the end that this one makes: the
 * server takes that up when this one is over, and it writes nothing where this one wrote nothing.
 */
export async function commitAtOnce(
  writer: Writer,
  name: string,
  calls: readonly WriteCall[],
  place: Place,
  letOn: () => void,
): Promise<Outcome[] | undefined> {
  if (topicOf(name).run !== undefined || !calls.every(isAppend)) return undefined;
  const attempt = { writer, name, calls, place, letOn };
  try {
    const behind = place.before?.sent;
    if (behind !== undefined) return await orStale(behind.connection, afterAnother(attempt, behind));
    await place.before?.left;
    return writer.ends.of(name) === null
      ? undefined
      : await writer.pool.use((connection) => byItself(attempt, connection));
  } catch (error) {
    writer.ends.forget(name);
    if (isBadData(error) || (isWorthRetrying(error) && !isLost(error))) return undefined;
    throw error;
  }
}

interface Attempt {
  writer: Writer;
  name: string;
  calls: readonly WriteCall[];
  place: Place;
  letOn: () => void;
}

async function byItself(attempt: Attempt, connection: Connection): Promise<Outcome[] | undefined> {
  const { writer, name } = attempt;
  // Asked for again: a connection may have been waited for.
  const tail = writer.ends.of(name);
  if (tail === null) return undefined;
  const group = await groupOf(attempt, connection, tail);
  const outcomes = await written(attempt, connection, group);
  if (outcomes === null) writer.ends.guessedWrong(name);
  return outcomes ?? undefined;
}

async function afterAnother(attempt: Attempt, { connection, number, end }: SentGroup): Promise<Outcome[] | undefined> {
  const group = await groupOf(attempt, connection, end);
  // Once the other is answered, the connection may be anybody's.
  if (connection.newest !== number) return undefined;
  return (await written(attempt, connection, group)) ?? undefined;
}

interface Group {
  outcomes: Outcome[];
  statement: Statement | undefined;
  end: Tail;
}

async function groupOf({ writer, name, calls }: Attempt, connection: Connection, tail: Tail): Promise<Group> {
  const { ends, skew } = writer;
  const at = Math.floor(ends.now);
  const appender = new GroupAppender({ log: name, tail, known: new Map(), ...NO_RUN, open: noOther });
  const outcomes = await gathered({ writer, connection, appender, now: Math.floor(at + skew()) }, calls);
  const changes = appender.takeChanges();
  const keys = calls.flatMap((call) => (call.idempotency === undefined ? [] : [call.idempotency.key]));
  const statement = changes.length === 0 ? undefined : joinedUnder([HOLD, holdValues(tail, at, keys)], changes);
  return { outcomes, statement, end: appender.end };
}

/** Undefined: nothing was sent. Null: the guess was wrong. */
async function written(
  { writer, name, place, letOn }: Attempt,
  connection: Connection,
  { outcomes, statement, end }: Group,
): Promise<Outcome[] | undefined | null> {
  if (statement === undefined || connection.isBroken) return undefined;
  const { newest } = connection;
  const asked = sent(connection, statement);
  const number = connection.newest;
  // What can't be sent at all was not.
  if (number !== null && number !== newest) {
    place.sent = { connection, number, end };
    letOn();
  }
  const answer = await asked;
  if (answer.rows.length === 0) return null;
  writer.ends.sawClock(timeIn(answer, () => 0));
  writer.ends.guessedRight(name, end);
  return outcomes;
}

async function gathered(gathering: Gathering, calls: readonly WriteCall[]): Promise<Outcome[]> {
  const { appender } = gathering;
  const outcomes: Outcome[] = [];
  for (const call of calls) {
    const mark = appender.mark();
    try {
      outcomes.push({ ok: await commitOf(gathering, call) });
    } catch (error) {
      appender.backTo(mark);
      outcomes.push({ failed: translated(error) });
    }
  }
  return outcomes;
}

function holdValues({ log, n, check }: Tail, at: number, keys: readonly string[]): unknown[] {
  return [LOCKS.log, log, n, check, at, textArray(keys)];
}

/** @throws BelfryError `unavailable` where no answer came. */
async function sent(connection: Connection, [text, values]: Statement): Promise<Answer> {
  try {
    return await connection.query(text, values);
  } catch (error) {
    throw isLost(error) ? outcomeUnknown(error) : error;
  }
}

async function noOther(): Promise<never> {
  throw new Error('A group that is committed at once belongs to one log.');
}
