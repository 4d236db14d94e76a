import type { Address } from '../address.ts';
import { tlsOptions } from '../tls-options.ts';
import { Connector } from './connector.ts';

/** Nothing is retried or kept for later in here: what breaks is replaced, and what was to be sent is lost and counted. */
export function redisOptions({ host, port, user, password, scheme, files }: Address) {
  return {
    host,
    port,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(scheme === 'rediss' ? { tls: tlsOptions(files) } : {}),
    Connector,
    connectionName: 'belfry-bus',
    lazyConnect: true,
    retryStrategy: null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    // The connector's to tell.
    connectTimeout: 0,
    disconnectTimeout: 100,
  };
}

export function clusterOptions(address: Address, isSharded: boolean) {
  const { host: _, port: __, retryStrategy: ___, enableOfflineQueue: ____, ...redis } = redisOptions(address);
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Certificates have names: what the library looks up itself it would then compare with an address.
    ...(address.scheme === 'rediss' ? { dnsLookup: asItIs } : {}),
    shardedSubscribers: isSharded,
    // What breaks as a whole is replaced as a whole; single nodes come and go by themselves.
    clusterRetryStrategy: null,
    redisOptions: { ...redis, autoResubscribe: true },
  };
}

function asItIs(host: string, callback: (error: null, address: string) => void): void {
  callback(null, host);
}
