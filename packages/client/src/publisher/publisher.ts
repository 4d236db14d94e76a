import { BelfryError, type ServiceNotification } from '@belfry/protocol';
import { urlMissing } from '../address.ts';
import { type Environment, environmentWith } from '../environment.ts';
import { createRequester } from '../requester.ts';
import type { Token } from '../token.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { EventInput, NotificationInput } from './input.ts';
import { withRetries } from './retry.ts';

export interface PublisherOptions {
  /** Belfry's address, such as `https://belfry.example`. */
  url: string;
  apiKey: Token;
  /** `default` unless said. */
  tenant?: string;
  /** How long a call goes on trying while the server is away or busy, in milliseconds. 30,000 by default; 0: once. */
  retryForMs?: number;
  fetch?: typeof globalThis.fetch;
  environment?: Partial<Environment>;
}

export interface PublishOptions {
  /** Repeating a call with the same key gives the first result again. By default each call makes its own. */
  idempotencyKey?: string;
}

/**
 * Sends notifications and events. What is answered is kept; a try whose answer was lost is repeated under the same
 * Idempotency-Key, so nothing is sent twice. Every call throws a RequestError with the server's `problem`.
 */
export interface Publisher {
  notify: (notification: NotificationInput, options?: PublishOptions) => Promise<ServiceNotification>;
  /** At most 1,000, all or nothing, in one step. */
  notifyMany: (
    notifications: readonly NotificationInput[],
    options?: PublishOptions,
  ) => Promise<readonly ServiceNotification[]>;
  /** One of the app's own events; answers its cursor. */
  publish: (event: EventInput, options?: PublishOptions) => Promise<{ cursor: string }>;
}

/** @throws BelfryError `invalid` where `url` or `apiKey` is missing or can't be one. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { url, apiKey, tenant, fetch, retryForMs = 30_000 } = options;
  const environment = environmentWith(fetch === undefined ? options.environment : { ...options.environment, fetch });
  const headers: Record<string, string> = tenant === undefined ? {} : { 'Belfry-Tenant': tenant };
  if (!url) throw urlMissing();
  if (!apiKey) throw new BelfryError('invalid', 'apiKey is missing: is BELFRY_API_KEY set?', { field: 'apiKey' });
  const requester = createRequester({ url, token: apiKey, headers }, environment);

  const post = (path: string, body: unknown, { idempotencyKey }: PublishOptions = {}): Promise<unknown> => {
    const key = idempotencyKey ?? newIdempotencyKey(environment);
    const call = { method: 'POST', body, headers: { 'Idempotency-Key': key } } as const;
    return withRetries(() => requester.call(path, call), retryForMs, environment);
  };

  return {
    notify: async (notification, given) =>
      (await post('/v1/notifications', notification, given)) as ServiceNotification,
    notifyMany: async (notifications, given) => {
      const answer = await post('/v1/notifications/batch', { notifications }, given);
      return (answer as { notifications: ServiceNotification[] }).notifications;
    },
    publish: async (event, given) => (await post('/v1/events', event, given)) as { cursor: string },
  };
}
