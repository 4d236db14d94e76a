import type { Outage } from './outage.ts';
import { backoffMs, ended, within } from './patience.ts';

/** One connection to an engine, or the two that belong together. Lives once: what is lost is replaced by a new one. */
export interface Link {
  /** Resolves when the engine has answered on each connection. */
  ping(): Promise<unknown>;
  /** Ends in good order. */
  end(): Promise<unknown>;
  /** Lets go of its sockets. */
  destroy(): void;
}

/**
 * Makes a link. Rejects with a BelfryError, and leaves nothing open, where it can't, and soon after `signal` aborts.
 * `onDown` is called when the link has broken.
 */
type Connect<Some extends Link> = (onDown: (reason: string) => void, signal: AbortSignal) => Promise<Some>;

export interface SupervisorOptions<Some extends Link> {
  connect: Connect<Some>;
  /** Called with each new link: what has to be said to the engine again. */
  onUp: (link: Some) => Promise<unknown>;
  /** Called after `onUp` of each link but the first. */
  onReconnect: () => void;
  outage: Outage;
  /** How often a link is asked whether it is alive, and how long it may take to answer. Milliseconds. */
  probeMs: number;
  random: () => number;
}

const CONNECT_MS = 5_000;

/** Keeps a link: watches it, replaces it when it breaks or falls silent, for ever. */
export class Supervisor<Some extends Link> {
  readonly #options: SupervisorOptions<Some>;
  readonly #closing = new AbortController();
  #link: Some | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempt: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(options: SupervisorOptions<Some>) {
    this.#options = options;
  }

  /** Null while there is none. */
  get link(): Some | null {
    return this.#link;
  }

  /** The first attempt. @throws what `connect` throws: at the start, a mistake in the settings is to be told. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Does what is `last` to be done, with the link where there is one, and lets go of it: within 2 s. */
  async close(last: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    this.#closing.abort();
    this.#stopTimer();
    const link = this.#link;
    await ended(last().then(() => link?.end()));
    this.#link = null;
    link?.destroy();
    await this.#attempt;
  }

  async #connect(): Promise<void> {
    let link: Some | undefined;
    let broken: string | null = null;
    const onDown = (reason: string) => {
      broken ??= reason;
      if (link !== undefined) this.#lost(link, reason);
    };
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(CONNECT_MS)]);
    link = await this.#options.connect(onDown, signal);
    if (this.#closing.signal.aborted) return link.destroy();
    this.#link = link;
    if (broken !== null) return this.#lost(link, broken);
    this.#watch(link);
    await this.#tell(link);
  }

  /** A link that does not take what has to be said to it is none. */
  async #tell(link: Some): Promise<void> {
    try {
      await this.#options.onUp(link);
    } catch (error) {
      this.#lost(link, (error as Error).message);
    }
  }

  #lost(link: Some, reason: string): void {
    if (this.#link !== link) return;
    this.#link = null;
    link.destroy();
    if (this.#closing.signal.aborted) return;
    this.#options.outage.lost(reason);
    this.#retry();
  }

  #retry(): void {
    this.#stopTimer();
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.#again(), backoffMs(this.#failures, this.#options.random));
    this.#failures += 1;
  }

  #again(): void {
    this.#timer = null;
    this.#attempt = this.#connect().then(
      () => this.#reconnected(),
      () => this.#retry(),
    );
  }

  /** It may be lost again already: then there is nothing to tell. */
  #reconnected(): void {
    if (this.#link === null) return;
    this.#failures = 0;
    this.#options.outage.back();
    this.#options.onReconnect();
  }

  #watch(link: Some): void {
    if (this.#link !== link) return;
    this.#stopTimer();
    this.#timer = setTimeout(() => void this.#probe(link), this.#options.probeMs);
  }

  async #probe(link: Some): Promise<void> {
    this.#timer = null;
    try {
      await within(this.#options.probeMs, link.ping());
      this.#watch(link);
    } catch (error) {
      this.#lost(link, (error as Error).message);
    }
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
