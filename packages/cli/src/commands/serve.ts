import { createServer } from '@belfry/server';
import { defineCommand } from 'citty';
import { databaseName, openBusFor, openStore } from '../engines.ts';
import { createLog } from '../process-log.ts';
import { misspelt, readSettings, requireAuthentication, type Settings, shutOut } from '../settings/settings.ts';
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
    const store = await openStore(settings, settings);
    const bus = await openBusFor(settings, store, log).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    const server = createServer({ store, bus, log, ...settings.server });
    const stop = async () => {
      await server.stop();
      await bus.close();
      await store.close();
    };
    try {
      const { url } = await server.listen(settings.host, settings.port);
      const warning = shutOut(settings);
      if (warning !== null) log.warn({}, warning);
      log.info({ url, ...whereItKeeps(settings) }, 'Belfry is ready');
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

/** For the log. Never the addresses themselves: they may hold passwords. */
function whereItKeeps(settings: Settings): Record<string, string> {
  if (settings.databaseUrl === undefined) return { dataDir: settings.dataDir };
  return { database: databaseName(settings), bus: settings.bus.replace(/:\/\/.*/, '') };
}

function noteMisspelt(): void {
  const names = misspelt(process.env);
  if (names.length > 0)
    note(`belfry: passed over, as Belfry has no such setting: ${names.join(', ')}. See the README.`);
}
