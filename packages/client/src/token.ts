import { RequestError } from './request-error.ts';
import type { StreamEnvironment } from './stream-environment.ts';

/** All requests wait for a token, so one that never comes would hold up the client for good. */
const LIMIT_MS = 30_000;

/**
 * A bearer token, or a function that fetches one; it is asked again when the last one was refused or ran out, when it
 * failed, and when it took longer than 30 s.
 */
export type Token = string | (() => string | Promise<string>);

/** Keeps the token until it is forgotten. Requests that need one at the same time share one fetch. */
export interface TokenSource {
  readonly present: boolean;
  /** Whether asking again can give another one. */
  readonly renewable: boolean;
  get(): Promise<string | null>;
  /** Drops `used` if it is still the one kept: somebody else may have fetched a fresh one meanwhile. */
  forget(used: string | null): void;
  /** Nobody waits for a token any more: whoever wants one next asks for it anew. */
  abandon(): void;
  /** Calls `hear` with each token that is fetched, before anybody uses it. */
  onFetched(hear: (token: string) => void): void;
}

export function tokenSource(token: Token | undefined, { setTimer }: Pick<StreamEnvironment, 'setTimer'>): TokenSource {
  let kept: string | null = null;
  let fetching: Promise<string> | null = null;
  let told = (_token: string): void => {};
  let cancelLimit = (): void => {};

  /** In time, or not at all. */
  const limited = (work: Promise<string>): Promise<string> => {
    const late = new Promise<never>((_resolve, reject) => {
      cancelLimit = setTimer(() => reject(new Error(`It took longer than ${LIMIT_MS / 1_000} s.`)), LIMIT_MS);
    });
    return Promise.race([work, late]).finally(cancelLimit);
  };

  const fetchFrom = async (getter: () => string | Promise<string>): Promise<string> => {
    try {
      kept = await limited((async () => getter())());
    } catch (cause) {
      throw new RequestError('unauthenticated', 'No token: the function that fetches it failed.', 0, { cause });
    }
    told(kept);
    return kept;
  };

  const fetchOnce = (getter: () => string | Promise<string>): Promise<string> => {
    // Cleared in a later turn: a getter that throws at once would clear it before it is set.
    const mine = fetchFrom(getter).finally(() => {
      if (fetching === mine) fetching = null;
    });
    fetching = mine;
    return mine;
  };

  return {
    present: token !== undefined,
    renewable: typeof token === 'function',
    get: async () => {
      if (typeof token !== 'function') return token ?? null;
      return kept ?? fetching ?? fetchOnce(token);
    },
    forget: (used) => {
      if (kept === used) kept = null;
    },
    abandon: () => {
      cancelLimit();
      fetching = null;
    },
    onFetched: (hear) => {
      told = hear;
    },
  };
}
