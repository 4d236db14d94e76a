import { BelfryError } from '@belfry/protocol';
import type { Connection } from './connection.ts';
import { LOCKS } from './locks.ts';

/** How a process on this database stands to others: the only one that follows it, or one of many that hear of each other. */
export type Company = 'alone' | 'many';

/** A process that is just dying lets go within this time. */
const PATIENCE_MS = 2_000;
const AGAIN_MS = 100;

const TRY: Record<Company, string> = {
  alone: 'select pg_try_advisory_lock($1, 0) as had',
  many: 'select pg_try_advisory_lock_shared($1, 0) as had',
};

/** @throws BelfryError `unavailable` where one of the two would hear nothing of the other. */
export async function joinCompany(connection: Connection, company: Company): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await tryCompany(connection, company))) {
    if (performance.now() > deadline) throw refusal(company);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/**
 * False: one of the other kind is there. After the connection was lost that can be a newcomer who found nobody: then
 * nobody is told, and the two hear of each other only by the heads of the logs until one of them goes.
 */
export async function tryCompany(connection: Connection, company: Company): Promise<boolean> {
  const { rows } = await connection.query(TRY[company], [LOCKS.company]);
  return rows[0]?.had === true;
}

function refusal(company: Company): BelfryError {
  const found =
    company === 'alone'
      ? 'Another Belfry process is on this database, and with BELFRY_BUS=local the two would not hear of each other.'
      : 'A Belfry process with BELFRY_BUS=local is on this database, and would not hear of this one.';
  return new BelfryError(
    'unavailable',
    `${found} Set BELFRY_BUS to postgres, to redis://… or to nats://… in all of them, or stop the other one.`,
  );
}
