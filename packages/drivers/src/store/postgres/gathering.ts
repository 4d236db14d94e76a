import type { Committed, NotificationDraft, WriteName } from '@belfry/core';
import type { WriteContext } from '../sql/context.ts';
import { isPlain } from '../sql/notifications/publish.ts';
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

const APPENDS = new Set<WriteName>(['emit', 'appendLines', 'emitInRun', 'beat']);

/** A write that needs nothing but the end of its log. Garbage is none: what is wrong with it is said in its own steps. */
export function isAppend({ name, input }: WriteCall): boolean {
  if (name !== 'publish') return APPENDS.has(name);
  const { drafts } = (input ?? {}) as { drafts?: (NotificationDraft | null)[] };
  return Array.isArray(drafts) && drafts.every((draft) => draft != null && isPlain(draft));
}

export async function commitOf(gathering: Gathering, call: WriteCall): Promise<Committed<unknown>> {
  const { writer, connection, appender, now } = gathering;
  const { epoch } = writer;
  const db = kyselyOf(connection);
  const context: WriteContext = { db, dialect: postgresDialect, appender, epoch, now, events: [] };
  const { out, replayed } = await runWrite(context, call);
  return { out, replayed, events: context.events };
}
