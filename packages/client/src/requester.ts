import { checkedAddress } from './address.ts';
import type { Environment } from './environment.ts';
import { errorOf, RequestError, unreachable } from './request-error.ts';
import { type Token, TokenSource } from './token.ts';

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

/** No call of the API takes this long, but one that waits for something. */
const CALL_TIMEOUT_MS = 20_000;

/** Sends requests as the one the options name. */
export class Requester {
  readonly tokens: TokenSource;
  /** Belfry's address, with no slash at its end. */
  readonly address: string;
  readonly #options: ConnectionOptions;
  readonly #environment: Environment;

  /** @throws BelfryError `invalid` for a `url` that can't be one. */
  constructor(options: ConnectionOptions, environment: Environment) {
    this.address = checkedAddress(options.url);
    this.#options = options;
    this.#environment = environment;
    this.tokens = new TokenSource(options.token);
  }

  /** One request as it is: any status is an answer. Throws what `fetch` throws. */
  send(path: string, call: Call, token: string | null): Promise<Response> {
    const headers: Record<string, string> = { ...this.#options.headers, ...call.headers };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    const init: RequestInit = { method: call.method ?? 'GET', headers, cache: 'no-store' };
    init.credentials = this.tokens.present ? 'omit' : (this.#options.credentials ?? 'same-origin');
    if (call.signal !== undefined) init.signal = call.signal;
    const body = call.json ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = body;
    }
    // Not as a method: a browser's own fetch refuses any other `this`.
    const { fetch } = this.#environment;
    return fetch(this.#urlOf(path, call.query), init);
  }

  /**
   * One call of the API; answers its JSON, null for an empty answer. A 401 is asked once more with a fresh token.
   *
   * @throws RequestError for any other answer than 2xx, and where there was none; the reason of `signal` once it aborts.
   */
  async call(path: string, call: Call): Promise<unknown> {
    const { signal, timeoutMs = CALL_TIMEOUT_MS } = call;
    signal?.throwIfAborted();
    const limit = new AbortController();
    const cancel = this.#environment.setTimer(() => limit.abort(new Error('no answer in time')), timeoutMs);
    const abort = (): void => limit.abort(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      const response = await this.sendSignedIn(path, { ...call, signal: limit.signal });
      if (!response.ok) throw await errorOf(response);
      return parsed(await response.text().catch(this.#noAnswer), response.status);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Any answer; a 401 is asked once more with a fresh token. @throws RequestError where there is no answer. */
  async sendSignedIn(path: string, call: Call): Promise<Response> {
    const token = await this.tokens.get();
    const response = await this.send(path, call, token).catch(this.#noAnswer);
    if (response.status !== 401 || !this.tokens.renewable) return response;
    response.body?.cancel().catch(() => {});
    this.tokens.forget(token);
    return this.send(path, call, await this.tokens.get()).catch(this.#noAnswer);
  }

  readonly #noAnswer = (cause: unknown): never => {
    throw unreachable(this.address, cause);
  };

  #urlOf(path: string, query: Call['query'] = {}): string {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
    return this.address + path + search;
  }
}

function parsed(text: string, status: number): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (cause) {
    const message = 'The answer was not JSON, so it is not from Belfry. Check the url.';
    throw new RequestError('invalid', message, status, { cause });
  }
}
