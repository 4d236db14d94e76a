import { streaming } from '../connection.ts';
import type { Environment } from '../environment.ts';
import type { Frame } from '../frame-parser.ts';
import type { Sender } from '../sender.ts';
import type { StreamOptions } from '../stream-options.ts';
import type { Connect } from '../ways.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 900_000;
const CONNECT_MS = 10_000;
/** A stream that lives so long was not cut off at once. */
const LIVES_MS = 1_500;

/** Tries now and then whether a stream gets through, beside the polls, which go on meanwhile. */
export class Probe {
  readonly #stream: Connect;
  readonly #environment: Environment;
  #nextMs = FIRST_MS;
  #end = (): void => {};

  constructor({ device: _, ...options }: StreamOptions, sender: Sender, environment: Environment) {
    // Nothing is to come by it, and nobody must think that something has arrived.
    this.#stream = streaming({ ...options, state: false }, sender);
    this.#environment = environment;
  }

  /** `works` is called once, when one got through. */
  begin(works: () => void): void {
    this.stop();
    const ms = this.#nextMs * (0.75 + this.#environment.random() / 2);
    this.#end = this.#environment.setTimer(() => this.#try(works), ms);
  }

  stop(): void {
    this.#end();
    this.#end = () => {};
  }

  #try(works: () => void): void {
    const failed = (): void => {
      this.#nextMs = Math.min(LONGEST_MS, this.#nextMs * 2);
      this.begin(works);
    };
    let cancel = this.#environment.setTimer(failed, CONNECT_MS);
    const connected = (): void => {
      cancel();
      cancel = this.#environment.setTimer(() => {
        this.#nextMs = FIRST_MS;
        this.stop();
        works();
      }, LIVES_MS);
    };
    const onFrame = ({ event }: Frame): void => {
      if (event === 'connected') connected();
      else if (event === 'closing') failed();
    };
    const nothing = (): void => {};
    const handlers = { onFrame, onEnd: failed, onRetry: nothing, onBytes: nothing, onToken: nothing };
    const stream = this.#stream({ cursor: null, access: null }, handlers);
    this.#end = () => {
      cancel();
      stream.abort();
    };
  }
}
