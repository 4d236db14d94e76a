import type { Environment, Token } from '@belfry/client/transport';

export interface BelfryOptions {
  /** Belfry's address, such as `https://belfry.example`. */
  url: string;
  /** An API key, or a function that fetches one. */
  apiKey: Token;
  /** `default` unless said. */
  tenant?: string;
  /** How long a call goes on trying while the server is away or busy, in milliseconds. 30,000 by default; 0: once. */
  retryForMs?: number;
  /** Used for every request instead of the global one. */
  fetch?: typeof globalThis.fetch;
  environment?: Partial<Environment>;
}

export interface CallOptions {
  /** Ends the call with the signal's reason. What the server has stored by then stays stored. */
  signal?: AbortSignal;
}

export interface CreateOptions extends CallOptions {
  /** Repeating a call with the same key and the same content gives the first result again. By default each call makes its own. */
  idempotencyKey?: string;
}
