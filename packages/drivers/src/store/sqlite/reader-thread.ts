import type { ReadName, Reads } from '@belfry/core';
import type { ReadOp } from '../sql/context.ts';
import { READ_OPS } from '../sql/read-ops.ts';
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
      const { name, input } = payload as ReadCall;
      const now = Math.floor(Date.now() + (data.skew[0] ?? 0));
      database.statement('begin').run();
      try {
        return await (READ_OPS[name] as ReadOp<ReadName>)({ db, dialect: sqliteDialect, epoch, now }, input);
      } finally {
        database.statement('commit').run();
      }
    },
    close: () => database.close(),
  };
});
