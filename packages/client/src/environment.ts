import { type StreamEnvironment, streamEnvironment } from './stream-environment.ts';

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
export interface Environment extends StreamEnvironment {
  /** Milliseconds of any origin as well, which go on when somebody sets the clock. They may stand still in a laptop's sleep. */
  steady(): number;
  /** Runs what is due and has not run: browsers slow the timers of hidden tabs down, to one a minute. */
  runOverdue(): void;
  /** By which the tabs of a browser agree on one that has the connection. Null: each has its own. */
  locks(): Locks | null;
  /** By which they tell each other what comes. */
  broadcast(name: string): Broadcast;
}

/** Touches no global before it is used, either. */
export function environmentWith(overrides: Partial<Environment> = {}): Environment {
  return {
    ...streamEnvironment(),
    ...timers(),
    steady: () => performance.now(),
    locks,
    broadcast: (name) => new BroadcastChannel(name) as Broadcast,
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
      waiting.set(once, performance.now() + ms);
      return cancel;
    },
    runOverdue: () => {
      for (const [once, due] of [...waiting]) if (due <= performance.now() && waiting.has(once)) once();
    },
  };
}

/** Only pages and their workers have an address. Clients in one process of Node are not tabs of one browser. */
function locks(): Locks | null {
  const { location, navigator, BroadcastChannel: channels, crypto } = globalThis;
  return location && channels && crypto?.subtle && navigator?.locks ? (navigator.locks as Locks) : null;
}
