import { serveDemo } from '@belfry/demo/server';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { defineCommand } from 'citty';
import { createLog } from '../process-log.ts';

/** The server that `belfry dev` runs as a child process, and kills when its page asks for it. */
export const devServer = defineCommand({
  meta: { name: 'dev-server', description: 'The server inside belfry dev, which starts it by itself.', hidden: true },
  run() {
    // Between a visitor and the page nothing else should stand in the terminal, unless asked for.
    const log = createLog(process.env.BELFRY_LOG_LEVEL || 'warn');
    serveDemo({ openStore: (dir) => openSqliteStore({ dir }), log });
  },
});
