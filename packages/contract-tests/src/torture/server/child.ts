// A server in a process of its own, to be killed. Started by server-process.ts.
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer } from '@belfry/server';
import { CrashableStore } from './crashable-store.ts';
import type { Command, Memory, Report, ServerOrder } from './order.ts';

const DRAIN_MS = 200;

// Whatever becomes of the test, this must not outlive it.
process.on('disconnect', () => process.exit(1));
process.once('message', (order: ServerOrder) => {
  serve(order).catch((error: Error) => tell({ type: 'failed', message: error.message }));
});

async function serve({ dir, port, apiKey, jwtSecret, hub }: ServerOrder): Promise<void> {
  const store = new CrashableStore(await openSqliteStore({ dir }));
  const auth = { jwt: { secret: jwtSecret }, apiKey };
  const server = createServer({ store, auth, hub, drainMs: DRAIN_MS });
  process.on('message', (command: Command) => {
    if (command.type === 'crash') store.crashAfter(command.afterCommits);
    else if (command.type === 'memory') tell({ type: 'memory', memory: settledMemory(server) });
    else void stop(server, store);
  });
  tell({ type: 'ready', port: (await server.listen('127.0.0.1', port)).port });
}

async function stop(server: BelfryServer, store: CrashableStore): Promise<void> {
  await server.stop();
  await store.close();
  process.exit(0);
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
