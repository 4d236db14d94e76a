import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiKey, createCore, type Scope } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { type DatabaseSettings, openStore } from './engines.ts';
import { callRemote, type Remote } from './remote.ts';
import { UsageError } from './terminal.ts';

interface Made {
  key: ApiKey;
  secret: string;
}

/** Where keys are managed: through a running server, or in the database itself while none runs. */
export interface KeyStore {
  add(name: string, scopes: Scope[], tenant: string | null): Promise<Made>;
  list(): Promise<ApiKey[]>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A database, and where a server on it would listen. */
export interface Local extends DatabaseSettings {
  port: number;
}

/** `mayCreate`: only adding makes a database. To look into a folder should leave nothing in it. */
export async function localKeys(local: Local, mayCreate: boolean): Promise<KeyStore> {
  const { dataDir, databaseUrl } = local;
  if (databaseUrl === undefined && !mayCreate && !existsSync(join(dataDir, 'belfry.db'))) {
    throw new UsageError(
      `There is no database in ${dataDir}. Set BELFRY_DATA_DIR to the folder of one, or --url to the address of a server.`,
    );
  }
  const store = await openStore(local).catch((error: unknown) => {
    throw isInUse(error) ? serverRuns(local, error) : error;
  });
  const { apiKeys } = createCore({ store, announce: () => {} });
  return {
    add: (name, scopes, tenant) => apiKeys.add(name, scopes, tenant),
    list: () => apiKeys.list(),
    remove: (id) => apiKeys.remove(id),
    close: () => store.close(),
  };
}

/** The store says `unavailable` for other things too, which no running server would mend. */
function isInUse(error: unknown): error is BelfryError {
  return error instanceof BelfryError && error.message.includes('in use by another Belfry process');
}

/** Not called by itself: what listens there may be a server on another folder. */
function serverRuns({ dataDir, port }: Local, cause: BelfryError): BelfryError {
  const url = `http://127.0.0.1:${port || 4400}`;
  const message = `A server is running on the data folder ${dataDir}. Go through it: add --url ${url}, with BELFRY_API_KEY set.`;
  return new BelfryError('unavailable', message, { cause });
}

export function remoteKeys(remote: Remote): KeyStore {
  const call = (method: string, path: string, body?: unknown) =>
    callRemote(remote, method, `/v1/admin/keys${path}`, body);
  return {
    add: async (name, scopes, tenant) => (await call('POST', '', { name, scopes, tenant })) as Made,
    list: async () => ((await call('GET', '')) as { items: ApiKey[] }).items,
    remove: async (id) => void (await call('DELETE', `/${encodeURIComponent(id)}`)),
    close: async () => {},
  };
}
