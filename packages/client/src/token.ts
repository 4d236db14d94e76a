import { RequestError } from './request-error.ts';

/** A bearer token, or a function that fetches one; it is asked again when the last one was refused or ran out. */
export type Token = string | (() => string | Promise<string>);

/** Keeps the token until it is forgotten. Requests that need one at the same time share one fetch. */
export class TokenSource {
  readonly #token: Token | undefined;
  #kept: string | null = null;
  #fetching: Promise<string> | null = null;

  constructor(token: Token | undefined) {
    this.#token = token;
  }

  get present(): boolean {
    return this.#token !== undefined;
  }

  /** Whether asking again can give another one. */
  get renewable(): boolean {
    return typeof this.#token === 'function';
  }

  async get(): Promise<string | null> {
    if (typeof this.#token !== 'function') return this.#token ?? null;
    if (this.#kept !== null) return this.#kept;
    // Cleared in a later turn: a getter that throws at once would clear it before it is set.
    this.#fetching ??= this.#fetch(this.#token).finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  /** Drops `used` if it is still the one kept: somebody else may have fetched a fresh one meanwhile. */
  forget(used: string | null): void {
    if (this.#kept === used) this.#kept = null;
  }

  async #fetch(getter: () => string | Promise<string>): Promise<string> {
    try {
      this.#kept = await getter();
      return this.#kept;
    } catch (cause) {
      throw new RequestError('unauthenticated', 'No token: the function that fetches it failed.', 0, { cause });
    }
  }
}
