import { giveBackMemory } from '@belfry/core';
import type { BelfryServer } from '@belfry/server';
import { defineCommand } from 'citty';
import { databaseName, openBusFor, openStore } from '../engines.ts';
import { misspelt, readSettings, requireAuthentication, type Settings, shutOut } from '../settings/settings.ts';
import { onStopSignal } from '../stop-signal.ts';
import { note } from '../terminal.ts';

/** After its start, when what loading has left behind is given back. */
const SETTLED_MS = 1_000;

export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run Belfry. Settings come from the environment or belfry.config.json.' },
  async run() {
    // First: a name with a typing error is often why the rest is refused.
    noteMisspelt();
    const settings = readSettings(process.env);
    requireAuthentication(settings);
    const { store, log, busLog, createServer } = await opened(settings);
    const bus = await openBusFor(settings, store, busLog(log)).catch(async (error: unknown) => {
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
    setTimeout(() => giveBackIfIdle(server), SETTLED_MS).unref();
    onStopSignal(async (signal) => {
      log.info({ signal }, 'leaving: sending streams away');
      await stop();
      log.info({}, 'stopped');
    });
  },
});

/** The database's threads load their code while this one loads the server's. */
async function opened(settings: Settings) {
  const [store, server, { createLog }] = await Promise.all([
    openStore(settings, settings),
    import('@belfry/server'),
    import('../process-log.ts'),
  ]);
  return { store, log: createLog(settings.logLevel), ...server };
}

/** With streams open there is more to look through, and somebody who would wait. */
function giveBackIfIdle({ hub }: BelfryServer): void {
  if (hub.stats.streams === 0) giveBackMemory();
}

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
