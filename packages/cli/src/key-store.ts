import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiKey, createCore, type Scope } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { BelfryError, ERRORS, type Problem } from '@belfry/protocol';
import type { Remote } from './remote.ts';
import { UsageError } from './terminal.ts';

/** Where keys are managed: through a running server, or in the database itself while none runs. */
export interface KeyStore {
  add(name: string, scopes: Scope[], tenant: string | null): Promise<{ key: ApiKey; secret: string }>;
  list(): Promise<ApiKey[]>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

/** A data folder on this machine, and where a server on it would listen. */
export interface Local {
  dataDir: string;
  port: number;
}

/** `mayCreate`: only adding makes a database. To look into a folder should leave nothing in it. */
export async function localKeys(local: Local, mayCreate: boolean): Promise<KeyStore> {
  const { dataDir } = local;
  if (!mayCreate && !existsSync(join(dataDir, 'belfry.db'))) {
    throw new UsageError(
      `There is no database in ${dataDir}. Set BELFRY_DATA_DIR to the folder of one, or --url to the address of a server.`,
    );
  }
  const store = await openSqliteStore({ dir: dataDir }).catch((error: unknown) => {
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

export function remoteKeys({ url, token }: Remote): KeyStore {
  const base = url.replace(/\/+$/, '');
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}` };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${base}/v1/admin/keys${path}`, init).catch((cause: unknown) => {
      throw new BelfryError('unavailable', `No answer from ${url}${codeOf(cause)}. Is belfry serve running?`, {
        cause,
      });
    });
    const text = await response.text();
    if (response.ok) return text === '' ? null : JSON.parse(text);
    throw refusal(response.status, text, url);
  };
  return {
    add: (name, scopes, tenant) => call('POST', '', { name, scopes, tenant }),
    list: async () => (await call('GET', '')).items,
    remove: (id) => call('DELETE', `/${encodeURIComponent(id)}`),
    close: async () => {},
  };
}

/** Node says why a request failed in the cause of its error. */
function codeOf(error: unknown): string {
  const { code } = ((error as Error | null)?.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

/** What a server said, or whatever stands before it: a proxy's page is no problem+json. */
function refusal(status: number, text: string, url: string): BelfryError {
  try {
    const { code, detail } = JSON.parse(text) as Problem;
    if (code in ERRORS) return new BelfryError(code, detail);
  } catch {
    // Said below.
  }
  return new BelfryError('unavailable', `${url} answered ${status}, and not as Belfry does. Check the address.`);
}
