import { checkedAddress } from './address.ts';
import type { StreamEnvironment } from './stream-environment.ts';
import { type Token, type TokenSource, tokenSource } from './token.ts';

/** Where Belfry is and as whom to speak to it. */
export interface ConnectionOptions {
  /** Belfry's address, such as `https://belfry.example`, or a path where it is on the page's own host; `''` is its root. */
  url: string;
  /** A token or an API key, or a function that fetches one. Without it the browser's cookies speak. */
  token?: Token;
  /** Sent with every request, such as `Belfry-Tenant` beside an API key. */
  headers?: Readonly<Record<string, string>>;
  /** For cookies. `same-origin` by default; another origin needs `include`. With a token no cookie is sent. */
  credentials?: RequestCredentials;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Readonly<Record<string, string | undefined>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
  /** The body where it is JSON already. */
  json?: string;
  signal?: AbortSignal | undefined;
  /** How long `call` waits for the whole answer. 20,000 by default. */
  timeoutMs?: number;
}

/** Sends requests as the one the options name. A stream needs no more than this. */
export interface Sender {
  readonly tokens: TokenSource;
  /** Belfry's address, with no slash at its end. */
  readonly address: string;
  /** One request as it is: any status is an answer. Throws what `fetch` throws. */
  send(path: string, call: Call, token: string | null): Promise<Response>;
}

/** @throws BelfryError `invalid` for a `url` that can't be one. */
export function createSender(options: ConnectionOptions, environment: StreamEnvironment): Sender {
  const address = checkedAddress(options.url);
  const tokens = tokenSource(options.token, environment);
  const { credentials = 'same-origin' } = options;
  return {
    address,
    tokens,
    send: (path, call, token) => {
      const { method = 'GET', query = {}, body, json = JSON.stringify(body), signal = null } = call;
      const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
      // Not as a method: a browser's own fetch refuses any other `this`.
      const { fetch } = environment;
      return fetch(address + path + search, {
        method,
        headers: {
          ...options.headers,
          ...call.headers,
          ...(token !== null && { Authorization: `Bearer ${token}` }),
          ...(json && { 'Content-Type': 'application/json' }),
        },
        // Of no body, `JSON.stringify` makes none.
        body: json ?? null,
        cache: 'no-store',
        credentials: tokens.present ? 'omit' : credentials,
        signal,
      });
    },
  };
}
