import { type ApiKey, createCore, type Scope } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { BelfryError, ERRORS, type Problem } from '@belfry/protocol';
import type { Remote } from './remote.ts';

/** Where keys are managed: through a running server, or in the database itself while none runs. */
export interface KeyStore {
  add(name: string, scopes: Scope[], tenant: string | null): Promise<{ key: ApiKey; secret: string }>;
  list(): Promise<ApiKey[]>;
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

export async function localKeys(dataDir: string): Promise<KeyStore> {
  const store = await openSqliteStore({ dir: dataDir });
  const { apiKeys } = createCore({ store, announce: () => {} });
  return {
    add: (name, scopes, tenant) => apiKeys.add(name, scopes, tenant),
    list: () => apiKeys.list(),
    remove: (id) => apiKeys.remove(id),
    close: () => store.close(),
  };
}

export function remoteKeys({ url, token }: Remote): KeyStore {
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}` };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(new URL(`/v1/admin/keys${path}`, url), init).catch((cause: unknown) => {
      throw new BelfryError('unavailable', `No answer from ${url}. Is Belfry running there?`, { cause });
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
