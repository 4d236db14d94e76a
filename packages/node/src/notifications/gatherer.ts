import { setImmediate as turn } from 'node:timers/promises';
import type { NotificationInput } from '@belfry/client/publisher';
import { BelfryError, LIMITS, type ServiceNotification } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { exactJson } from '../exact-json.ts';
import { type Outgoing, sendTogether } from './send-together.ts';

/** Half of what the server takes in one request. */
const BATCH_BYTES = LIMITS.batchBytes / 2;

/** Full batches do not wait for one another, up to here. */
const UNDER_WAY = 4;

/** Calls beyond this fail at once: the server is too slow for them, and each holds memory. */
const WAITING_BYTES = 256 * 1_048_576;

/**
 * Gathers calls of `notify` into batches: what is called in one turn of the loop goes together, and so does what is
 * called while a request is under way. Alone, a notification waits for no more than the end of its turn.
 */
export class Gatherer {
  readonly #api: Api;
  readonly #sending = new Set<Promise<void>>();
  #waiting: Outgoing[] = [];
  #waitingBytes = 0;
  #isDue = false;

  constructor(api: Api) {
    this.#api = api;
  }

  add(notification: NotificationInput, signal?: AbortSignal): Promise<ServiceNotification> {
    return new Promise((resolve, reject) => {
      this.#api.until(undefined).throwIfAborted();
      signal?.throwIfAborted();
      const json = jsonOf(notification);
      const abort = (): void => item.failed(signal?.reason);
      const settled = (): void => signal?.removeEventListener('abort', abort);
      const item: Outgoing = {
        ...{ json, bytes: Buffer.byteLength(json), signal },
        sent: (stored) => {
          settled();
          resolve(stored);
        },
        failed: (error) => {
          settled();
          reject(error);
        },
      };
      // That the client is closed it hears by its request: who listens to a signal goes past all that do already.
      signal?.addEventListener('abort', abort);
      this.#wait(item);
    });
  }

  /** Ends when everything that was given has been sent or has failed. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sending.size > 0) {
      await (this.#sending.size === 0 ? turn() : Promise.all(this.#sending));
    }
  }

  #wait(item: Outgoing): void {
    if (this.#waitingBytes + item.bytes > WAITING_BYTES) {
      const message = 'Too many notifications wait to be sent. Await some of the calls before making more.';
      item.failed(new BelfryError('rate_limited', message));
      return;
    }
    this.#waiting.push(item);
    this.#waitingBytes += item.bytes;
    this.#sendSoon();
  }

  /** At the end of the turn: who calls again on hearing of theirs goes together with all others who heard in it. */
  #sendSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#sending.size < UNDER_WAY) {
      if (this.#sending.size > 0 && !this.#isFull()) return;
      const sending = sendTogether(this.#api, this.#take()).finally(() => {
        this.#sending.delete(sending);
        this.#sendSoon();
      });
      this.#sending.add(sending);
    }
  }

  #isFull(): boolean {
    return this.#waiting.length >= LIMITS.batchItems || this.#waitingBytes >= BATCH_BYTES;
  }

  #take(): Outgoing[] {
    let [count, bytes] = [0, 0];
    for (const item of this.#waiting) {
      if (count === LIMITS.batchItems || (count > 0 && bytes + item.bytes > BATCH_BYTES)) break;
      count += 1;
      bytes += item.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }
}

/** Now, so that what the caller changes later is not sent. Throws for what JSON can't hold. */
function jsonOf(notification: NotificationInput): string {
  const json = exactJson(notification) as string | undefined;
  if (json !== undefined) return json;
  throw new BelfryError('invalid', 'A notification must be an object with to, type and title.', { field: 'body' });
}
