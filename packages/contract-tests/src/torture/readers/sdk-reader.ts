import { openStream, type Stream, type StreamOptions } from '@belfry/client';
import type { Random } from '../random.ts';
import { Reading } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import type { Reader } from './reader.ts';

/** Some way of coming back: its connection cut under it, or stopped and started by the app. */
type Way = 'cut' | 'stop';

/** The SDK as an app uses it. */
export class SdkReader implements Reader {
  readonly reading: Reading;
  readonly #options: StreamOptions;
  readonly #random: Random;
  readonly #open = new Set<AbortController>();
  #stream: Stream;

  constructor(url: string, viewer: Viewer, random: Random) {
    this.reading = new Reading(viewer);
    this.#random = random;
    this.#options = this.#optionsFor(url, viewer);
    this.#stream = openStream(this.#options);
  }

  start(): void {
    this.#stream.start();
  }

  drop(): void {
    const way: Way = this.#random.chance(0.5) ? 'cut' : 'stop';
    if (way === 'stop') this.#stream.stop();
    for (const controller of this.#open) controller.abort();
  }

  forget(): void {
    this.#stream.stop();
    this.#stream = openStream(this.#options);
  }

  async stop(): Promise<void> {
    this.#stream.stop();
    for (const controller of this.#open) controller.abort();
  }

  #optionsFor(url: string, viewer: Viewer): StreamOptions {
    const { reading } = this;
    return {
      url,
      token: viewer.token,
      ...(viewer.narrowedTo === undefined ? {} : { channels: viewer.narrowedTo }),
      environment: {
        fetch: this.#fetch,
        // Full jitter, near its short end: a test has no minutes to wait.
        random: () => this.#random.next() * 0.2,
        report: (error) => reading.complain(`threw ${error}`),
      },
      // It lets go of its cursor before it tells.
      onConnected: (frame) => reading.connected(frame.reason === 'new' ? null : reading.position, frame),
      onState: (state, cursor) => reading.begin(cursor ?? 'nowhere', state),
      onEvent: (event, cursor) => reading.saw(cursor ?? 'nowhere', event),
      onGap: (reason) => reading.gap(reason),
    };
  }

  /** The global one, with a handle on each connection to cut it by. */
  readonly #fetch: typeof fetch = async (input, init = {}) => {
    const controller = new AbortController();
    this.#open.add(controller);
    const signal = init.signal == null ? controller.signal : AbortSignal.any([init.signal, controller.signal]);
    signal.addEventListener('abort', () => this.#open.delete(controller), { once: true });
    return fetch(input, { ...init, signal });
  };
}
