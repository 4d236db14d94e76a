import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figures, Settings } from '../figures.ts';
import { removeFolder, temporaryFolder } from '../processes/running.ts';
import { machineBusy } from '../processes/usage.ts';
import { postgresTool, serviceVersion } from '../services/programs.ts';
import { psql } from '../services/psql.ts';
import { messageJson } from './message.ts';
import type { ServiceUrls, Yardstick } from './peer.ts';

const run = promisify(execFile);

const TABLE = 'create table items (id bigint generated always as identity primary key, item text not null)';
/** As long as what a publish stores. */
const INSERT = `insert into items (item) values ('${messageJson('user:1000', { title: 'seq=0000000001 Ada' })}');\n`;

/** Postgres's own yardstick: one row a transaction, many clients, and nothing between them and the database. */
export const pgbench: Yardstick = {
  name: 'pgbench',
  about:
    'inserts one row of the same length into a table with a primary key, a transaction each (-j 2 -M prepared), into the same Postgres; not held to a core',
  version: () => serviceVersion('postgres'),
  services: ['postgres'],
  async measure({ postgres = '' }: ServiceUrls, { inFlight, warmup, seconds }: Settings): Promise<Figures> {
    await psql(postgres, TABLE);
    if (warmup > 0) await insert(postgres, inFlight, warmup);
    const busy = machineBusy();
    const perSecond = await insert(postgres, inFlight, seconds);
    return { requestsPerSecond: perSecond, machineBusy: busy() };
  },
};

/** Transactions a second. It takes whole seconds only. */
async function insert(url: string, clients: number, seconds: number): Promise<number> {
  const folder = temporaryFolder();
  const script = join(folder, 'insert.sql');
  writeFileSync(script, INSERT);
  const load = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(Math.ceil(seconds))];
  try {
    const { stdout } = await run(postgresTool('pgbench'), [...load, '-f', script, url]);
    return transactionsIn(stdout);
  } finally {
    removeFolder(folder);
  }
}

/** @throws Error where it doesn't say, or where a transaction failed. */
export function transactionsIn(said: string): number {
  const found = /^tps = ([\d.]+)/m.exec(said);
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(said)?.[1] ?? 0);
  if (found === null || failed > 0) throw new Error(`pgbench did not do its work: ${said.trim()}`);
  return Number(found[1]);
}
