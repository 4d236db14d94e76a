// A server in a process of its own, to be killed. Started by server-process.ts.
import type { Store } from '@belfry/core';
import type { Bus } from '@belfry/hub';
import { type BelfryServer, createServer } from '@belfry/server';
import { CrashableStore } from './crashable-store.ts';
import { openBusFor, openStore } from './engines.ts';
import { MistakenStore } from './mistaken-store.ts';
import type { Command, Memory, Mistake, Report, ServerOrder } from './order.ts';
import { overtaking } from './overtaking-store.ts';

const DRAIN_MS = 200;

const silent = () => {};
/** Mistakes of ours are shown; that the database is away is no news here. */
const LOG = {
  debug: silent,
  info: silent,
  warn: silent,
  error: ({ err }: { err?: { code?: string } }) => {
    if (err?.code !== 'unavailable') console.error(err);
  },
};

/** How wrong the clocks are. Milliseconds. */
const wrong = { process: 0, database: 0 };

// Whatever becomes of the test, this must not outlive it.
process.on('disconnect', () => process.exit(1));
process.once('message', (order: ServerOrder) => {
  serve(order).catch((error: Error) => tell({ type: 'failed', message: error.message }));
});

async function serve({
  database,
  bus: busOrder,
  port,
  apiKey,
  jwtSecret,
  hub,
  corsOrigins = [],
  webhooks = {},
  mistakes,
}: ServerOrder): Promise<void> {
  const opened = await openStore(database, () => wrong.database);
  const store = new CrashableStore(mistakes === undefined ? opened : mistaken(opened, mistakes));
  const bus = await openBusFor(busOrder, store.place);
  const server = createServer({
    store,
    auth: { jwt: { secret: jwtSecret }, apiKey },
    hub,
    corsOrigins,
    webhooks,
    drainMs: DRAIN_MS,
    log: LOG,
    clock: { now: () => Date.now() + wrong.process },
    ...(bus === null ? {} : { bus }),
  });
  const stop = async () => {
    await leave(server, bus, store);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.on('message', (command: Command) => {
    if (command.type === 'crash') store.crashAfter(command.afterCommits);
    else if (command.type === 'clock') Object.assign(wrong, command);
    else if (command.type === 'memory') tell({ type: 'memory', memory: settledMemory(server) });
    else void stop();
  });
  tell({ type: 'ready', port: (await server.listen('127.0.0.1', port)).port });
}

function mistaken(store: Store, mistakes: readonly Mistake[]): Store {
  const once = mistakes.filter((mistake) => mistake !== 'overtake');
  return new MistakenStore(mistakes.includes('overtake') ? overtaking(store) : store, once);
}

async function leave(server: BelfryServer, bus: Bus | null, store: CrashableStore): Promise<void> {
  await server.stop();
  await bus?.close();
  await store.close();
}

/** Twice: what finalizers let go of in the first is collected in the second. */
function settledMemory({ hub }: BelfryServer): Memory {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external, streams: hub.stats.streams };
}

function tell(report: Report): void {
  process.send?.(report);
}
