/** A bearer token, or a function that fetches one; it is asked again when the last one was refused or ran out. */
export type Token = string | (() => string | Promise<string>);

/** Keeps the token until it is forgotten. Requests that need one at the same time share one fetch. */
export class TokenSource {
  readonly #token: Token | undefined;
  #kept: Promise<string> | null = null;

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
    this.#kept ??= Promise.resolve(this.#token());
    const asked = this.#kept;
    try {
      return await asked;
    } catch (error) {
      if (this.#kept === asked) this.#kept = null;
      throw error;
    }
  }

  /** Drops `used` if it is still the one kept: somebody else may have fetched a fresh one meanwhile. */
  async forget(used: string | null): Promise<void> {
    const asked = this.#kept;
    if (asked === null) return;
    const held = await asked.catch(() => null);
    if (this.#kept === asked && (used === null || held === used)) this.#kept = null;
  }
}
