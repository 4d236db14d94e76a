import type { Client } from '@belfry/client';

const lastLive = new WeakMap<Client, number>();

/** Notes when the client stops being live; the answer ends that. */
export function watchLive(client: Client): () => void {
  let isLive = false;
  return client.onStatus(({ value }) => {
    if (isLive && value !== 'live') lastLive.set(client, Date.now());
    isLive = value === 'live';
  });
}

/** When the connection was lost; nothing where there was none. */
export function lastLiveAt(client: Client): number | undefined {
  return lastLive.get(client);
}
