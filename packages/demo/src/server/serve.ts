import { BelfryError } from '@belfry/protocol';
import { createServer, type ServerOptions } from '@belfry/server';
import type { ServerOrder, ServerReport } from '../server-order.ts';
import { demoRoutes } from './routes.ts';

/** Streams are sent away at once: whoever stops the demo is waiting at a terminal. */
const DRAIN_MS = 200;
const STOP_WITHIN_MS = 1_000;

export interface DemoParts {
  /** The embedded database of a folder. */
  openStore: (dir: string) => Promise<ServerOptions['store']>;
  log?: ServerOptions['log'];
}

/**
 * Runs the server in a child process of the supervisor: waits for its order, says when it is ready, and ends when
 * the supervisor does, however that ends.
 */
export function serveDemo(parts: DemoParts): void {
  if (process.send === undefined) throw new BelfryError('invalid', '`belfry dev` starts this by itself. Run that.');
  // Ctrl-C reaches the whole group of processes; the supervisor is the one to act on it.
  process.on('SIGINT', () => {});
  process.once('message', (order: ServerOrder) => {
    serve(order, parts).catch((error: Error) => {
      tell({ type: 'failed', message: error.message }, () => process.exit(1));
    });
  });
}

async function serve(order: ServerOrder, { openStore, log }: DemoParts): Promise<void> {
  const { corsOrigins = [], hub, retention } = order.settings;
  const store = await openStore(order.dataDir);
  const server = createServer({
    store,
    auth: { jwt: { secret: order.jwtSecret }, apiKey: order.apiKey },
    ...(hub === undefined ? {} : { hub }),
    ...(retention === undefined ? {} : { retention }),
    corsOrigins: [...order.origins, ...corsOrigins],
    drainMs: DRAIN_MS,
    extend: demoRoutes(order),
    ...(log === undefined ? {} : { log }),
  });
  const stop = async (): Promise<void> => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await server.stop();
    await store.close();
    process.exit(0);
  };
  process.once('disconnect', stop);
  process.once('SIGTERM', stop);
  // It may have ended while the store was being opened; then there is nobody left to tell us.
  if (!process.connected) return stop();
  const { url } = await server.listen(order.host, order.port);
  tell({ type: 'ready', url });
}

function tell(report: ServerReport, then: () => void = () => {}): void {
  process.send?.(report, undefined, undefined, then);
}
