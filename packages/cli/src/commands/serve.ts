import { giveBackMemory } from '@belfry/core';
import type { BelfryServer, Log } from '@belfry/server';
import { defineCommand } from 'citty';
import { writeCompiled } from '../compiled.ts';
import { databaseName, openBusFor, openStore } from '../engines.ts';
import { compileSoon } from '../one-core.ts';
import { misspelt, readSettings, requireAuthentication, type Settings, shutOut } from '../settings/settings.ts';
import { onStopSignal } from '../stop-signal.ts';
import { note } from '../terminal.ts';
import { workerCount } from '../workers/count.ts';
import { onStopOrder, tellReady, workerId } from '../workers/link.ts';

/** After its start and that of its threads, when what loading has compiled is kept, and what it has left behind given back. */
const SETTLED_MS = 1_000;

const NO_READER = "the database's thread for reads could not start: its writer answers them too, more slowly";

export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run Belfry. Settings come from the environment or belfry.config.json.' },
  args: {
    workers: {
      type: 'string',
      description: 'Processes that share the port, on Postgres. Default: 1',
      valueHint: 'number',
    },
  },
  async run({ args }) {
    // First: a name with a typing error is often why the rest is refused.
    if (workerId() === null) noteMisspelt();
    const settings = readSettings(process.env);
    requireAuthentication(settings);
    const workers = workerCount(args.workers, settings);
    if (workers > 1 && workerId() === null) await serveByWorkers(workers, settings);
    else await serveHere(settings);
  },
});

async function serveHere(settings: Settings): Promise<void> {
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
  const { url } = await server.listen(settings.host, settings.port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  setTimeout(() => settle(server), SETTLED_MS).unref();
  const onLeave = workerId() === null ? onStopSignal : onStopOrder;
  onLeave(async (signal) => {
    log.info({ signal }, 'leaving: sending streams away');
    await stop();
    log.info({}, 'stopped');
  });
  if (workerId() === null) return sayReady(settings, log, { url });
  log.info({ url }, 'a worker is ready');
  tellReady(url);
}

function sayReady(settings: Settings, log: Log, where: { url: string; workers?: number }): void {
  const warning = shutOut(settings);
  if (warning !== null) log.warn({}, warning);
  log.info({ ...where, ...whereItKeeps(settings) }, 'Belfry is ready');
}

async function serveByWorkers(workers: number, settings: Settings): Promise<void> {
  const [{ WorkerSupervisor }, { createLog }] = await Promise.all([
    import('../workers/supervisor.ts'),
    import('../process-log.ts'),
  ]);
  const log = createLog(settings.logLevel);
  const supervisor = new WorkerSupervisor(log);
  onStopSignal(
    async (signal) => {
      log.info({ signal }, 'leaving: the workers send streams away');
      await supervisor.stop();
      log.info({}, 'stopped');
    },
    () => supervisor.killAll(),
  );
  const url = await supervisor.start(workers);
  if (url !== null) sayReady(settings, log, { url, workers });
  // The worker has said why. The stop, where that is under way, ends the process.
  else if (!supervisor.isStopping) process.exit(1);
}

/** The database's threads load their code while this one loads the server's. */
async function opened(settings: Settings) {
  const logging = import('../process-log.ts').then(({ createLog }) => createLog(settings.logLevel, workerId()));
  const onReaderMissing = (reason: Error) =>
    void logging.then((log) => log.warn({ reason: reason.message }, NO_READER));
  const [store, server, log] = await Promise.all([
    openStore(settings, { bus: settings.bus, onReaderMissing }),
    import('@belfry/server'),
    logging,
  ]);
  return { store, log, ...server };
}

function settle({ hub }: BelfryServer): void {
  // With streams open there is more to look through, and somebody who would wait.
  if (hub.stats.streams === 0) {
    writeCompiled();
    giveBackMemory();
  }
  compileSoon();
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
