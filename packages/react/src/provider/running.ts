import type { Client } from '@belfry/client';
import { watchLive } from './last-live.ts';

interface Use {
  providers: number;
  /** The app had started it before: then the app stops it, too. */
  appOwned: boolean;
  unwatch: () => void;
}

const inUse = new WeakMap<Client, Use>();

/**
 * Keeps a client running for as long as a provider needs it; the answer ends that. It is stopped a moment later and only
 * if nobody took it up again: StrictMode mounts everything twice in one turn, which must not make two connections.
 */
export function keepRunning(client: Client): () => void {
  const use = inUse.get(client) ?? begin(client);
  use.providers += 1;
  return () => {
    use.providers -= 1;
    queueMicrotask(() => {
      if (use.providers > 0 || inUse.get(client) !== use) return;
      inUse.delete(client);
      use.unwatch();
      if (!use.appOwned) client.stop();
    });
  };
}

function begin(client: Client): Use {
  const { value } = client.status.getSnapshot();
  const use = { providers: 0, appOwned: value !== 'idle' && value !== 'closed', unwatch: watchLive(client) };
  inUse.set(client, use);
  if (!use.appOwned) client.start();
  return use;
}
