import { errorOf, RequestError, unreachable } from './request-error.ts';
import { type Call, Sender } from './sender.ts';

/** No call of the API takes this long, but one that waits for something. */
const CALL_TIMEOUT_MS = 20_000;

/** Sends requests and reads their answers. */
export class Requester extends Sender {
  /**
   * One call of the API; answers its JSON, null for an empty answer. A 401 is asked once more with a fresh token.
   *
   * @throws RequestError for any other answer than 2xx, and where there was none; the reason of `signal` once it aborts.
   */
  async call(path: string, call: Call): Promise<unknown> {
    const { signal, timeoutMs = CALL_TIMEOUT_MS } = call;
    signal?.throwIfAborted();
    const limit = new AbortController();
    const cancel = this.environment.setTimer(() => limit.abort(new Error('no answer in time')), timeoutMs);
    const abort = (): void => {
      // Not only below: a token that is being fetched may take for ever.
      cancel();
      limit.abort(signal?.reason);
    };
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
}

function parsed(text: string, status: number): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (cause) {
    const message = 'The answer was not JSON, so it is not from Belfry. Check the url.';
    throw new RequestError('invalid', message, status, { cause });
  }
}
