/** `visible`: seen again, or awake again. `suspend`: about to sleep, in the back/forward cache or frozen. */
export type Wake = 'online' | 'offline' | 'visible' | 'suspend';

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<unknown>;
}

/** The part of a `BroadcastChannel` that is used. */
export interface Broadcast {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** What the client needs of the place it runs in. Give your own to run it elsewhere, or to drive it in a test. */
export interface Environment {
  fetch: typeof globalThis.fetch;
  /** Milliseconds of any origin; only differences are used. */
  now(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** Runs once after `ms`; the answer cancels it. */
  setTimer(run: () => void, ms: number): () => void;
  /** Runs what is due and has not run: browsers slow the timers of hidden tabs down, to one a minute. */
  runOverdue(): void;
  /** False only where the place is sure that there is no network. */
  isOnline(): boolean;
  /** Tells of the network coming and going, and of the page falling asleep and being seen again; the answer ends it. */
  onWake(listener: (wake: Wake) => void): () => void;
  /** By which the tabs of a browser agree on one that has the connection. Null: each has its own. */
  locks(): Locks | null;
  /** By which they tell each other what comes. */
  broadcast(name: string): Broadcast;
  /** An error thrown by the app's own handler: shown where the place shows errors. */
  report(error: unknown): void;
}

/** Looks at `globalThis` when used and never before: importing or creating a client touches no global. */
export function environmentWith(overrides: Partial<Environment> = {}): Environment {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    random: () => Math.random(),
    ...timers(),
    isOnline: () => globalThis.navigator?.onLine !== false,
    onWake,
    locks,
    broadcast: (name) => new BroadcastChannel(name) as Broadcast,
    report: (error) => (globalThis.reportError ?? console.error)(error),
    ...overrides,
  };
}

function timers(): Pick<Environment, 'setTimer' | 'runOverdue'> {
  const waiting = new Map<() => void, number>();
  return {
    setTimer: (run, ms) => {
      const cancel = (): void => {
        clearTimeout(handle);
        waiting.delete(once);
      };
      const once = (): void => {
        cancel();
        run();
      };
      const handle = setTimeout(once, ms);
      waiting.set(once, Date.now() + ms);
      return cancel;
    },
    runOverdue: () => {
      for (const [once, due] of [...waiting]) if (due <= Date.now() && waiting.has(once)) once();
    },
  };
}

function onWake(listener: (wake: Wake) => void): () => void {
  const page = globalThis.document;
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  const subscribed = new AbortController();
  const hear = (from: EventTarget | undefined, name: string, wake: Wake): void =>
    from?.addEventListener(name, () => listener(wake), { signal: subscribed.signal });
  hear(globalThis, 'online', 'online');
  hear(globalThis, 'offline', 'offline');
  // With a connection open a page can't enter the back/forward cache, and in there it would not hear from it.
  hear(globalThis, 'pagehide', 'suspend');
  hear(globalThis, 'pageshow', 'visible');
  hear(page, 'freeze', 'suspend');
  hear(page, 'resume', 'visible');
  const seen = (): void => {
    if (page?.visibilityState === 'visible') listener('visible');
  };
  page?.addEventListener('visibilitychange', seen, { signal: subscribed.signal });
  globalThis.addEventListener('focus', seen, { signal: subscribed.signal });
  return () => subscribed.abort();
}

/** Only pages and their workers have an address. Clients in one process of Node are not tabs of one browser. */
function locks(): Locks | null {
  const { location, navigator, BroadcastChannel: channels, crypto } = globalThis;
  return location && channels && crypto?.subtle && navigator?.locks ? (navigator.locks as Locks) : null;
}
