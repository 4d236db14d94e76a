import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As `packages/contract-tests/src/services/postgres-data.ts` calls it. */
const VARIABLE = 'BELFRY_TEST_POSTGRES_KEPT';

/** Run by vitest before all tests: a folder for what the first Postgres of the run is made of, for the others to copy. */
export default function keepPostgres(): (() => void) | undefined {
  // There is one already, of another project of the same run.
  if (process.env[VARIABLE] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'belfry-postgres-kept-'));
  // Postgres runs by an account of its own.
  chmodSync(folder, 0o755);
  process.env[VARIABLE] = folder;
  return () => {
    delete process.env[VARIABLE];
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
