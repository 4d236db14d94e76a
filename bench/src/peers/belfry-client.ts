import { API_KEY } from './belfry-secrets.ts';
import { BODY } from './message.ts';
import type { Address, ServiceClient } from './peer.ts';

/** The Node SDK as a service uses it: a call of `notify` for each message, gathered by itself. */
export async function belfryClient({ host, port }: Address): Promise<ServiceClient> {
  const { createBelfry } = await import('@belfry/node');
  const belfry = createBelfry({ url: `http://${host}:${port}`, apiKey: API_KEY });
  return {
    publish: ({ to, title }) => belfry.notify({ to: typeof to === 'number' ? `user:${to}` : 'all', title, ...BODY }),
    close: () => belfry.close(),
  };
}
