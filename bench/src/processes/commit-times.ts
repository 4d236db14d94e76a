import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Figures } from '../figures.ts';
import { Histogram } from '../generator/histogram.ts';
import { removeFolder, temporaryFolder } from './running.ts';

const COMMITS = 200;
const ROW = 'x'.repeat(600);

/** What one durable commit takes here and now: a row in SQLite, in a log that is synced each time. */
export function commitTimes(): Figures {
  const folder = temporaryFolder();
  const database = new DatabaseSync(join(folder, 'commits.db'));
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table rows (id integer primary key, row text)',
  );
  const insert = database.prepare('insert into rows (row) values (?)');
  const times = new Histogram();
  for (let count = 0; count < COMMITS; count += 1) {
    const begun = performance.now();
    insert.run(ROW);
    times.record((performance.now() - begun) * 1_000);
  }
  database.close();
  removeFolder(folder);
  return { commitP50: times.quantile(0.5) / 1_000, commitP99: times.quantile(0.99) / 1_000 };
}
