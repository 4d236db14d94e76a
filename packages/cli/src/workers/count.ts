import { databaseName } from '../engines.ts';
import { SettingError } from '../settings/readers.ts';
import type { Settings } from '../settings/settings.ts';
import { UsageError } from '../terminal.ts';

const MAX_WORKERS = 64;

/**
 * How many processes `--workers` asks for; 1 where it is left out.
 *
 * @throws UsageError for what is no such number, SettingError where several could not work on the same database.
 */
export function workerCount(given: string | undefined, settings: Settings): number {
  const count = Number(given ?? 1);
  if (!Number.isInteger(count) || count < 1 || count > MAX_WORKERS) {
    throw new UsageError(`--workers must be a whole number from 1 to ${MAX_WORKERS}; it is ${JSON.stringify(given)}.`);
  }
  if (count > 1) requireCompany(settings);
  return count;
}

function requireCompany(settings: Settings): void {
  if (settings.databaseUrl === undefined) {
    throw new SettingError(
      `${databaseName(settings)} is one process's alone. For --workers set DATABASE_URL to a Postgres.`,
    );
  }
  if (settings.bus === 'local') {
    throw new SettingError(
      'With BELFRY_BUS=local the workers would not hear of each other. Leave it out, or name a bus.',
    );
  }
}
