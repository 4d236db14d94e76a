import type { ReadName, Reads } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { ReadContext, ReadOp } from '../sql/context.ts';
import { READ_OPS } from '../sql/read-ops.ts';
import { CLOCK_SQL, timeIn } from './clock.ts';
import type { Connection } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { isLost, isStale } from './failures.ts';
import { kyselyOf } from './kysely.ts';
import type { Readers } from './readers.ts';

const BEGIN = 'begin isolation level repeatable read read only';
const TIME = `select ${CLOCK_SQL} as now`;

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

/** Answers from one snapshot. A second time where the connection was lost: a read changes nothing. */
export async function runRead<Name extends ReadName>(
  reading: Reading,
  name: Name,
  input: Reads[Name]['in'],
): Promise<Reads[Name]['out']> {
  const once = () => reading.readers.use(name, (connection) => readFrom(reading, connection, name, input));
  try {
    return await once();
  } catch (error) {
    if (error instanceof BelfryError || !(isLost(error) || isStale(error))) throw error;
    return once();
  }
}

async function readFrom<Name extends ReadName>(
  { epoch, skew }: Reading,
  connection: Connection,
  name: Name,
  input: Reads[Name]['in'],
): Promise<Reads[Name]['out']> {
  // Not waited for: what follows is answered after it, or fails with it.
  connection.query(BEGIN).catch(() => {});
  try {
    const now = NEEDS_TIME[name] ? timeIn(await connection.query(TIME), skew) : 0;
    const context: ReadContext = { db: kyselyOf(connection), dialect: postgresDialect, epoch, now };
    return await (READ_OPS[name] as ReadOp<Name>)(context, input);
  } finally {
    connection.query('commit').catch(() => {});
  }
}
