import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BelfryError } from '@belfry/protocol';
import type { Hono } from 'hono';
import { problemResponse, type Told } from './problem.ts';

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/**
 * The framework's way in for what no door takes. It is loaded with the first such request: it brings HTTP/2 and all of
 * `fetch` along, 20 MB that a server whom nobody asks for them need not hold.
 */
export function frameworkListener(app: Hono, told: Told): Listener {
  let loaded: Listener | null = null;
  let loading: Promise<void> | null = null;
  const load = async () => {
    loaded = await loadListener(app, told);
  };
  return async (incoming, outgoing) => {
    if (loaded === null) {
      loading ??= load();
      await loading;
    }
    return loaded?.(incoming, outgoing);
  };
}

async function loadListener(app: Hono, told: Told): Promise<Listener> {
  const { getRequestListener, RequestError } = await import('@hono/node-server');
  const errorHandler = (error: unknown) =>
    problemResponse(error instanceof RequestError ? noUrl() : error, randomUUID(), told);
  return getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler }) as Listener;
}

/** A request that can't even be read as one: its Host or its target makes no URL. */
function noUrl(): BelfryError {
  return new BelfryError('invalid', 'The Host header and the path of the request make no URL.', { field: 'Host' });
}
