import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Account } from './daemon.ts';

/** Names a folder for as long as many servers will be started, and nobody minds that they call themselves by one name. */
const KEPT_VARIABLE = 'BELFRY_TEST_POSTGRES_KEPT';

interface Making {
  program: string;
  account: Account | null;
  /** Whether it is on disk when this returns. */
  synced: boolean;
}

/** Makes the data folder of a new server. Postgres takes a second of CPU for that; where one is kept, it is copied. */
export function makeData(data: string, making: Making): void {
  const folder = process.env[KEPT_VARIABLE];
  if (folder === undefined || making.synced) initialize(data, making);
  else copy(join(folder, 'data'), data, making);
}

function copy(kept: string, data: string, making: Making): void {
  if (!existsSync(kept)) keep(kept, making);
  execFileSync('cp', ['-R', '-p', kept, data], { stdio: 'pipe', ...making.account });
}

/** Whole, or not there. */
function keep(kept: string, making: Making): void {
  const { account } = making;
  const folder = mkdtempSync(join(dirname(kept), 'new-'));
  if (account !== null) chownSync(folder, account.uid, account.gid);
  initialize(join(folder, 'data'), making);
  try {
    renameSync(join(folder, 'data'), kept);
  } catch (error) {
    // Another process was first.
    if (!existsSync(kept)) throw error;
  }
}

function initialize(data: string, { program, account, synced }: Making): void {
  const initdb = join(dirname(program), 'initdb');
  const args = ['-D', data, '-A', 'trust', '-U', 'belfry', '-E', 'UTF8', '--locale=C.UTF-8'];
  execFileSync(initdb, synced ? args : [...args, '--no-sync'], { stdio: 'pipe', ...account });
}
