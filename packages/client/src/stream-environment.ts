/** `visible`: seen again, or awake again. `suspend`: about to sleep, in the back/forward cache or frozen. */
export type Wake = 'online' | 'offline' | 'visible' | 'suspend';

/** What a stream needs of the place it runs in. */
export interface StreamEnvironment {
  fetch: typeof globalThis.fetch;
  /** Milliseconds of any origin; only differences are used. */
  now(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** Runs once after `ms`; the answer cancels it. */
  setTimer(run: () => void, ms: number): () => void;
  /** False only where the place is sure that there is no network. */
  isOnline(): boolean;
  /** Tells of the network coming and going, and of the page falling asleep and being seen again; the answer ends it. */
  onWake(listener: (wake: Wake) => void): () => void;
  /** An error thrown by the app's own handler: shown where the place shows errors. */
  report(error: unknown): void;
}

/** Looks at `globalThis` when used and never before: importing or creating a client touches no global. */
export function streamEnvironment(overrides: Partial<StreamEnvironment> = {}): StreamEnvironment {
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (run, ms) => {
      const handle = setTimeout(run, ms);
      return () => clearTimeout(handle);
    },
    isOnline: () => globalThis.navigator?.onLine !== false,
    onWake,
    report: (error) => (globalThis.reportError ?? console.error)(error),
    ...overrides,
  };
}

function onWake(listener: (wake: Wake) => void): () => void {
  const page = globalThis.document;
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  const subscribed = new AbortController();
  const hear = (from: EventTarget | undefined, name: string, run: () => void): void =>
    from?.addEventListener(name, run, { signal: subscribed.signal });
  const hearAll = (from: EventTarget | undefined, wakes: Readonly<Record<string, Wake>>): void => {
    for (const [name, wake] of Object.entries(wakes)) hear(from, name, () => listener(wake));
  };
  const seen = (): void => {
    if (page?.visibilityState === 'visible') listener('visible');
  };
  // With a connection open a page can't enter the back/forward cache, and in there it would not hear from it.
  hearAll(globalThis, { online: 'online', offline: 'offline', pagehide: 'suspend', pageshow: 'visible' });
  hearAll(page, { freeze: 'suspend', resume: 'visible' });
  hear(page, 'visibilitychange', seen);
  hear(globalThis, 'focus', seen);
  return () => subscribed.abort();
}
