import type { Committed } from '@belfry/core';
import type { WriteContext } from '../sql/context.ts';
import { runWrite, type WriteCall } from '../sql/write-ops.ts';
import type { Connection } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import type { GroupAppender } from './group-appender.ts';
import { kyselyOf } from './kysely.ts';
import type { Writer } from './writer.ts';

/** What the members of a group share. */
export interface Gathering {
  writer: Writer;
  connection: Connection;
  appender: GroupAppender;
  now: number;
}

export async function commitOf(gathering: Gathering, call: WriteCall): Promise<Committed<unknown>> {
  const { writer, connection, appender, now } = gathering;
  const { epoch } = writer;
  const db = kyselyOf(connection);
  const context: WriteContext = { db, dialect: postgresDialect, appender, epoch, now, events: [] };
  const { out, replayed } = await runWrite(context, call);
  return { out, replayed, events: context.events };
}
