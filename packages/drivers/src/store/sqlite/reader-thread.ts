import type { ReadName, Reads } from '@belfry/core';
import type { GroupOp, ReadContext, ReadOp } from '../sql/context.ts';
import { GROUP_OPS, type GroupName, READ_OPS } from '../sql/read-ops.ts';
import { connectReader } from './connect.ts';
import { sqliteDialect } from './dialect.ts';
import { kyselyOver } from './kysely.ts';
import { epochOf } from './migrate.ts';
import { SameFiles } from './same-files.ts';
import { serveThread, type ThreadData } from './serve-thread.ts';

export interface ReadCall<Name extends ReadName = ReadName> {
  name: Name;
  input: Reads[Name]['in'];
}

/** What several ask, to be answered from one snapshot. */
export interface GroupCall {
  name: GroupName;
  inputs: Reads[GroupName]['in'][];
}

serveThread(async (data: ThreadData) => {
  const database = connectReader(data.file);
  const db = kyselyOver(database);
  const epoch = epochOf(database);
  const files = new SameFiles(data.file);
  return {
    ready: epoch,
    /** One transaction, so that all its queries see the same moment. */
    async handle(payload) {
      files.assert();
      const now = Math.floor(Date.now() + (data.skew[0] ?? 0));
      database.statement('begin').run();
      try {
        return await answer({ db, dialect: sqliteDialect, epoch, now }, payload as ReadCall | GroupCall);
      } finally {
        database.statement('commit').run();
      }
    },
    close: () => database.close(),
  };
});

function answer(context: ReadContext, call: ReadCall | GroupCall): Promise<unknown> {
  if ('inputs' in call) return (GROUP_OPS[call.name] as GroupOp<GroupName>)(context, call.inputs);
  return (READ_OPS[call.name] as ReadOp<ReadName>)(context, call.input);
}
