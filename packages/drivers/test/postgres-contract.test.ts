import { storeContract } from '@belfry/contract-tests/store';
import { afterAll, beforeAll, describe } from 'vitest';
import { postgresHarness } from './support/postgres-harness.ts';
import { anyServer, isMissing, POSTGRES, type TestServer } from './support/postgres-server.ts';

describe.skipIf(isMissing(POSTGRES))('a real server', () => {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await anyServer();
  });
  afterAll(() => server?.dispose());
  storeContract(
    'Postgres',
    postgresHarness(() => server?.url ?? ''),
  );
});
