// The server that `belfry dev` runs as a child process, and kills when asked to. Started by its path, not imported.
import { serveDemo } from '@belfry/demo';
import { openSqliteStore } from '@belfry/drivers/sqlite';

serveDemo({ openStore: (dir) => openSqliteStore({ dir }) });
