import { openSqliteStore } from '@belfry/drivers/sqlite';
import { createServer } from '@belfry/server';
import { defineCommand } from 'citty';
import { createLog } from '../process-log.ts';
import { misspelt, readSettings, requireAuthentication, shutOut } from '../settings/settings.ts';
import { onStopSignal } from '../stop-signal.ts';
import { note } from '../terminal.ts';

export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run Belfry. Settings come from the environment or belfry.config.json.' },
  async run() {
    // First: a name with a typing error is often why the rest is refused.
    noteMisspelt();
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
      const warning = shutOut(settings);
      if (warning !== null) log.warn({}, warning);
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

function noteMisspelt(): void {
  const names = misspelt(process.env);
  if (names.length > 0)
    note(`belfry: passed over, as Belfry has no such setting: ${names.join(', ')}. See the README.`);
}
