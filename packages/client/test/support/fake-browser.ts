import type { Broadcast, Environment, Locks } from '../../src/index.ts';
import { ManualEnvironment } from './manual-environment.ts';

interface Request {
  name: string;
  tab: FakeTab;
  hold: () => Promise<void>;
  resolve: (value?: unknown) => void;
  reject: (error: unknown) => void;
}

/** Locks and channels as a browser has them for all of its tabs. */
export class FakeBrowser {
  readonly tabs: FakeTab[] = [];
  readonly channels = new Set<FakeChannel>();
  /** All that was ever said on any channel, and every name of a lock or channel. */
  readonly heard: { name: string; text: string }[] = [];
  readonly #queues = new Map<string, Request[]>();
  readonly #held = new Map<string, Request>();

  open(): FakeTab {
    const tab = new FakeTab(this);
    this.tabs.push(tab);
    return tab;
  }

  locksOf(tab: FakeTab): Locks {
    return {
      request: (name, { steal, signal }, hold) =>
        new Promise((resolve, reject) => {
          const request = { name, tab, hold, resolve, reject };
          if (steal) {
            this.#depose(name);
            this.#grant(request);
            return;
          }
          this.#queueOf(name).push(request);
          signal?.addEventListener('abort', () => this.#drop(request));
          this.#next(name);
        }),
    };
  }

  /** Who has the lock, of the one session there is. */
  get leader(): FakeTab | null {
    return [...this.#held.values()][0]?.tab ?? null;
  }

  /** A tab that is gone has no locks, and waits for none. */
  forget(tab: FakeTab): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((one) => one.tab !== tab),
      );
    }
    for (const [name, request] of [...this.#held]) if (request.tab === tab) this.#letGo(name, request);
  }

  #queueOf(name: string): Request[] {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return queue;
  }

  #drop(request: Request): void {
    const queue = this.#queueOf(request.name);
    if (!queue.includes(request)) return;
    queue.splice(queue.indexOf(request), 1);
    request.reject(new Error('aborted'));
  }

  #next(name: string): void {
    if (this.#held.has(name)) return;
    const next = this.#queueOf(name).shift();
    if (next !== undefined) this.#grant(next);
  }

  #grant(request: Request): void {
    const { name, tab } = request;
    this.#held.set(name, request);
    tab.does(() => {
      request.hold().then(() => {
        this.#letGo(name, request);
        request.resolve();
      });
    });
  }

  #letGo(name: string, request: Request): void {
    if (this.#held.get(name) !== request) return;
    this.#held.delete(name);
    this.#next(name);
  }

  #depose(name: string): void {
    const request = this.#held.get(name);
    if (request === undefined) return;
    this.#held.delete(name);
    request.tab.does(() => request.reject(new Error('stolen')));
  }
}

export class FakeChannel implements Broadcast {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #tab: FakeTab;
  readonly #name: string;

  constructor(tab: FakeTab, name: string) {
    this.#tab = tab;
    this.#name = name;
    tab.browser.channels.add(this);
  }

  postMessage(message: unknown): void {
    const { channels, heard } = this.#tab.browser;
    if (this.#tab.isGone) return;
    if (!channels.has(this)) throw new Error('posted on a closed channel');
    heard.push({ name: this.#name, text: JSON.stringify(message) });
    for (const other of channels)
      if (other !== this && other.#name === this.#name) other.#hear(structuredClone(message));
  }

  close(): void {
    this.#tab.browser.channels.delete(this);
  }

  get tab(): FakeTab {
    return this.#tab;
  }

  #hear(data: unknown): void {
    this.#tab.does(() => {
      if (this.#tab.browser.channels.has(this)) this.onmessage?.({ data });
    });
  }
}

/** A tab, whose clock the test moves and which it can put to sleep. */
export class FakeTab {
  readonly browser: FakeBrowser;
  readonly clock = new ManualEnvironment();
  readonly environment: Partial<Environment>;
  /** What has happened while it was asleep. */
  #asleep: (() => void)[] | null = null;
  isGone = false;

  constructor(browser: FakeBrowser) {
    this.browser = browser;
    this.clock.chance = 0.5 + browser.tabs.length / 100;
    const locks = browser.locksOf(this);
    const broadcast = (name: string): Broadcast => new FakeChannel(this, name);
    const { now, steady, random, isOnline, report, setTimer, onWake, runOverdue } = this.clock;
    this.environment = {
      now,
      steady,
      random,
      isOnline,
      report,
      setTimer,
      onWake,
      runOverdue,
      locks: () => locks,
      broadcast,
    };
  }

  /** Later, as all that comes from outside. */
  does(what: () => void): void {
    setImmediate(() => {
      if (this.isGone) return;
      if (this.#asleep === null) what();
      else this.#asleep.push(what);
    });
  }

  sleep(): void {
    this.#asleep ??= [];
  }

  wake(): void {
    const missed = this.#asleep ?? [];
    this.#asleep = null;
    for (const what of missed) what();
  }

  /** Closed or crashed: nothing of it runs any more. */
  kill(): void {
    this.isGone = true;
    for (const channel of [...this.browser.channels]) if (channel.tab === this) channel.close();
    this.browser.forget(this);
  }
}
