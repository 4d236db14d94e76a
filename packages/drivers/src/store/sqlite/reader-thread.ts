import { answerRead, type GroupCall, type ReadCall } from './answer-read.ts';
import { connectReader } from './connect.ts';
import { sqliteDialect } from './dialect.ts';
import { kyselyOver } from './kysely.ts';
import { epochOf } from './migrate.ts';
import { SameFiles } from './same-files.ts';
import { serveThread, type ThreadData } from './serve-thread.ts';

serveThread(async (data: ThreadData) => {
  const database = connectReader(data.file);
  const db = kyselyOver(database);
  const epoch = epochOf(database);
  const files = new SameFiles(data.file);
  return {
    ready: epoch,
    handle(payload) {
      files.assert();
      const now = Math.floor(Date.now() + (data.skew[0] ?? 0));
      return answerRead(database, { db, dialect: sqliteDialect, epoch, now }, payload as ReadCall | GroupCall);
    },
    close: () => database.close(),
  };
});
