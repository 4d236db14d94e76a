import { openSqliteStore } from '@belfry/drivers/sqlite';
import { draft } from '../../contract-tests/src/store/fixtures.ts';
