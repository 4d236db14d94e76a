import type { ReadName, Reads } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { GroupOp, ReadContext, ReadOp } from '../sql/context.ts';
import { GROUP_OPS, type GroupName, READ_OPS } from '../sql/read-ops.ts';
import { CLOCK_SQL, timeIn } from './clock.ts';
import type { Connection } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { isLost, isStale } from './failures.ts';
import { kyselyOf } from './kysely.ts';
import type { Readers } from './readers.ts';

const BEGIN = 'begin isolation level repeatable read read only';
const TIME = `; select ${CLOCK_SQL} as now`;
/**
 * By itself the server plans most statements of an inbox anew each time they come, and takes longer over it than over
 * answering them: by the lists that they ask for it finds them cheaper than by lists of any length.
 */
const PLANNED_ONCE = '; set local plan_cache_mode = force_generic_plan';

/**
 * Those that are held to plans for lists of any length, by `postgres-plans.test.ts`. They ask for something else first,
 * which goes together with the time.
 */
const OF_AN_INBOX: ReadonlySet<ReadName> = new Set<ReadName>(['inbox', 'inboxJson', 'inboxItem', 'counts', 'state']);

/** Whether the answer depends on the time; the others need not ask for it first. */
const NEEDS_TIME: Record<ReadName, boolean> = {
  locate: false,
  heads: false,
  readLog: false,
  firstPublished: true,
  countBehind: false,
  access: false,
  memberships: false,
  state: true,
  serviceState: true,
  inbox: true,
  inboxJson: true,
  inboxItem: true,
  counts: true,
  notifications: true,
  notification: true,
  recipients: true,
  recipientCounts: true,
  question: true,
  questions: true,
  acked: false,
  runs: false,
  run: false,
  runAt: false,
  runLines: false,
  runAnywhere: false,
  signingKeys: true,
  outbox: false,
  outboxBacklog: false,
  hasTicket: false,
  keyByHash: false,
  keys: false,
  webhooks: false,
  deliveries: false,
  webhookWork: true,
  deliveryBacklog: false,
  ping: false,
};

export interface Reading {
  readers: Readers;
  epoch: string;
  skew: () => number;
}

export function runRead<Name extends ReadName>(
  reading: Reading,
  name: Name,
  input: Reads[Name]['in'],
): Promise<Reads[Name]['out']> {
  return inSnapshot(reading, name, (context) => (READ_OPS[name] as ReadOp<Name>)(context, input));
}

export function runReadGroup(
  reading: Reading,
  name: GroupName,
  inputs: readonly Reads[GroupName]['in'][],
): Promise<unknown[]> {
  return inSnapshot(reading, name, (context) => (GROUP_OPS[name] as GroupOp<GroupName>)(context, inputs));
}

type Answer<Out> = (context: ReadContext) => Promise<Out>;

/** Each of the five connections to read from may have prepared what has gone stale. */
const STALE_TRIES = 6;

/** Answers from one snapshot. Again where the connection was lost, or a statement is stale: a read changes nothing. */
async function inSnapshot<Out>(reading: Reading, name: ReadName, answer: Answer<Out>): Promise<Out> {
  const once = () => reading.readers.use(name, (connection) => answerFrom(reading, connection, name, answer));
  for (let tries = 1; ; tries += 1) {
    try {
      return await once();
    } catch (error) {
      if (error instanceof BelfryError || tries >= mostTries(error)) throw error;
    }
  }
}

function mostTries(error: unknown): number {
  if (isStale(error)) return STALE_TRIES;
  return isLost(error) ? 2 : 1;
}

async function answerFrom<Out>(
  { epoch, skew }: Reading,
  connection: Connection,
  name: ReadName,
  answer: Answer<Out>,
): Promise<Out> {
  let now: number | null = NEEDS_TIME[name] ? null : 0;
  const begun = connection.query(beginning(connection, name)).then((told) => {
    now ??= timeIn(told, skew);
  });
  begun.catch(() => {});
  const context = {
    ...{ db: kyselyOf(connection), dialect: postgresDialect, epoch },
    get now() {
      if (now === null) throw new TypeError('This read asks for nothing before it needs the time.');
      return now;
    },
  };
  try {
    if (NEEDS_TIME[name] && !OF_AN_INBOX.has(name)) await begun;
    // What follows is answered after it.
    const answered = await answer(context);
    await begun;
    return answered;
  } catch (error) {
    // Where the beginning has failed, that is why, and not what came of it.
    await begun;
    throw error;
  } finally {
    connection.query('commit').catch(() => {});
  }
}

function beginning({ renewal }: Connection, name: ReadName): string {
  return `${BEGIN}${renewal}${OF_AN_INBOX.has(name) ? PLANNED_ONCE : ''}${NEEDS_TIME[name] ? TIME : ''}`;
}
