import { personOf } from './claims.ts';
import { onAbort } from './pause.ts';
import { errorOf, RequestError, unreachable } from './request-error.ts';
import { type Call, type ConnectionOptions, createSender, type Sender } from './sender.ts';
import type { StreamEnvironment } from './stream-environment.ts';

/** No call of the API takes this long, but one that waits for something. */
const CALL_TIMEOUT_MS = 20_000;

/** Sends requests and reads their answers. */
export interface Requester extends Sender {
  /**
   * One call of the API; answers its JSON, null for an empty answer. A 401 is asked once more with a fresh token.
   *
   * @throws RequestError for any other answer than 2xx, and where there was none; the reason of `signal` once it aborts.
   */
  call(path: string, call?: Call): Promise<unknown>;
  /** Any answer; a 401 is asked once more with a fresh token. @throws RequestError where there is no answer. */
  sendSignedIn(path: string, call: Call): Promise<Response>;
  /** Calls `hear` where a token is another person's than the one before it. */
  onOther(hear: () => void): void;
  /** Somebody else is signed in: calls that are under way fail, and none of them is sent again as another. */
  beginAnew(): void;
}

/** @throws BelfryError `invalid` for a `url` that can't be one. */
export function createRequester(options: ConnectionOptions, environment: StreamEnvironment): Requester {
  const sender = createSender(options, environment);
  const { address, tokens } = sender;
  const noAnswer = (cause: unknown): never => {
    throw unreachable(address, cause);
  };

  let person: string | null = null;
  /** Goes up with each person: what was asked for the one before must reach nobody. */
  let era = 0;
  let changed = (): void => {};
  const beginAnew = (): void => {
    era += 1;
  };
  const stillIn = (begun: number): void => {
    if (begun === era) return;
    throw new RequestError('unauthenticated', 'Somebody else is signed in by now. Do it again if it is for them.', 401);
  };
  tokens.onFetched((token) => {
    const before = person;
    person = personOf(token);
    if (before === null || person === null || person === before) return;
    beginAnew();
    changed();
  });

  const sendSignedIn = async (path: string, call: Call): Promise<Response> => {
    const begun = era;
    const token = await tokens.get();
    stillIn(begun);
    const response = await sender.send(path, call, token).catch(noAnswer);
    if (response.status !== 401 || !tokens.renewable) return response;
    response.body?.cancel().catch(() => {});
    tokens.forget(token);
    const fresh = await tokens.get();
    stillIn(begun);
    return sender.send(path, call, fresh).catch(noAnswer);
  };

  return {
    ...sender,
    sendSignedIn,
    beginAnew,
    onOther: (hear) => {
      changed = hear;
    },
    call: async (path, call = {}) => {
      const { signal, timeoutMs = CALL_TIMEOUT_MS } = call;
      signal?.throwIfAborted();
      const begun = era;
      const limit = new AbortController();
      const cancel = environment.setTimer(() => limit.abort(new Error('no answer in time')), timeoutMs);
      const abort = (): void => {
        // Not only below: a token that is being fetched may take for ever.
        cancel();
        limit.abort(signal?.reason);
      };
      const off = onAbort(signal, abort);
      try {
        const response = await sendSignedIn(path, { ...call, signal: limit.signal });
        if (!response.ok) throw await errorOf(response);
        const answer = parsed(await response.text().catch(noAnswer), response.status);
        stillIn(begun);
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        stillIn(begun);
        throw error;
      } finally {
        cancel();
        off();
      }
    },
  };
}

function parsed(text: string, status: number): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (cause) {
    const message = 'The answer was not JSON, so it is not from Belfry. Check the url.';
    throw new RequestError('invalid', message, status, { cause });
  }
}
