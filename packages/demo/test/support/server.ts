// The child process of these tests: the demo's server over the real embedded store.
import { serveDemo } from '@belfry/demo/server';
import { openSqliteStore } from '@belfry/drivers/sqlite';

serveDemo({ openStore: (dir) => openSqliteStore({ dir }) });
