import { releaseAllTickets } from '../sql/credentials/tickets.ts';
import { answerRead, type GroupCall, type ReadCall } from './answer-read.ts';
import { sqliteAppender } from './appender.ts';
import { connectWriter } from './connect.ts';
import { sqliteDialect } from './dialect.ts';
import { kyselyOver } from './kysely.ts';
import { takeLock } from './lock.ts';
import { epochOf, migrate } from './migrate.ts';
import { type PackedCall, unpackCall } from './packed-call.ts';
import { probe } from './probe.ts';
import { SameFiles } from './same-files.ts';
import { serveThread, type ThreadData } from './serve-thread.ts';
import { runGroup, type Writer } from './write-group.ts';

serveThread(async (data: ThreadData) => {
  const lock = takeLock(data.lockFile, data.folder);
  const database = connectWriter(data.file);
  migrate(database);
  const epoch = epochOf(database);
  const clock = () => Math.floor(Date.now() + (data.skew[0] ?? 0));
  const appender = sqliteAppender(database);
  const files = new SameFiles(data.file, `${data.file}-wal`);
  const writer: Writer = { database, files, db: kyselyOver(database), dialect: sqliteDialect, appender, epoch, clock };
  await releaseAllTickets({ db: writer.db, now: clock() });
  return {
    ready: epoch,
    async handle(payload) {
      if (payload === 'probe') return probe(writer);
      if (Array.isArray(payload)) return runGroup(writer, (payload as PackedCall[]).map(unpackCall));
      // Only until the reader is open.
      files.assert();
      const { db, dialect } = writer;
      return answerRead(database, { db, dialect, epoch, now: clock() }, payload as ReadCall | GroupCall);
    },
    close() {
      database.close();
      lock.close();
    },
  };
});
