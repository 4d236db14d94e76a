import { RequestError } from './request-error.ts';

/** A bearer token, or a function that fetches one; it is asked again when the last one was refused or ran out. */
export type Token = string | (() => string | Promise<string>);

/** Keeps the token until it is forgotten. Requests that need one at the same time share one fetch. */
export interface TokenSource {
  readonly present: boolean;
  /** Whether asking again can give another one. */
  readonly renewable: boolean;
  get(): Promise<string | null>;
  /** Drops `used` if it is still the one kept: somebody else may have fetched a fresh one meanwhile. */
  forget(used: string | null): void;
  /** Calls `hear` with each token that is fetched, before anybody uses it. */
  onFetched(hear: (token: string) => void): void;
}

export function tokenSource(token: Token | undefined): TokenSource {
  let kept: string | null = null;
  let fetching: Promise<string> | null = null;
  let told = (_token: string): void => {};

  const fetchFrom = async (getter: () => string | Promise<string>): Promise<string> => {
    try {
      kept = await getter();
    } catch (cause) {
      throw new RequestError('unauthenticated', 'No token: the function that fetches it failed.', 0, { cause });
    }
    told(kept);
    return kept;
  };

  return {
    present: token !== undefined,
    renewable: typeof token === 'function',
    get: async () => {
      if (typeof token !== 'function') return token ?? null;
      if (kept !== null) return kept;
      // Cleared in a later turn: a getter that throws at once would clear it before it is set.
      fetching ??= fetchFrom(token).finally(() => {
        fetching = null;
      });
      return fetching;
    },
    forget: (used) => {
      if (kept === used) kept = null;
    },
    onFetched: (hear) => {
      told = hear;
    },
  };
}
