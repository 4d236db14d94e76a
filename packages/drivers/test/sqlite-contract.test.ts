import { storeContract } from '@belfry/contract-tests/store';
import { sqliteHarness } from './support/sqlite-harness.ts';

storeContract('SQLite', sqliteHarness);
