import { openSqliteStore } from '@belfry/drivers/sqlite';
import { createServer } from '@belfry/server';
import { defineCommand } from 'citty';
import { createLog } from '../process-log.ts';
import { readSettings, requireAuthentication } from '../settings/settings.ts';
import { onStopSignal } from '../stop-signal.ts';

export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run Belfry. Settings come from the environment or belfry.config.json.' },
  async run() {
    const settings = readSettings(process.env);
    requireAuthentication(settings);
    const log = createLog(settings.logLevel);
    const store = await openSqliteStore({ dir: settings.dataDir });
    const server = createServer({ store, log, ...settings.server });
    const stop = async () => {
      await server.stop();
      await store.close();
    };
    try {
      const { url } = await server.listen(settings.host, settings.port);
      log.info({ url, dataDir: settings.dataDir }, 'Belfry is ready');
    } catch (error) {
      await stop();
      throw error;
    }
    onStopSignal(async (signal) => {
      log.info({ signal }, 'leaving: sending streams away');
      await stop();
      log.info({}, 'stopped');
    });
  },
});
