import { syncBuiltinESMExports } from 'node:module';
import nodeTimers from 'node:timers';
import { caller } from './caller.ts';

interface Watched {
  readonly timer: WeakRef<NodeJS.Timeout>;
  readonly kind: string;
  readonly setBy: string;
}

/** Node's own mark of a timer that has fired, or was cleared. */
interface TimerState {
  readonly _destroyed: boolean;
}

/**
 * Watches every timer set from here on by `setTimeout` and `setInterval`, the global ones and those of `node:timers`.
 * The runner has taken its own references before a setup file runs, so only the tests' timers are seen.
 */
export function watchTimers() {
  const watched = new Set<Watched>();
  for (const kind of ['setTimeout', 'setInterval'] as const) replace(kind, watched);
  return {
    /** One line for each timer that is still to fire, with the place that set it. */
    running(): string[] {
      for (const one of watched) if (!isRunning(one)) watched.delete(one);
      return [...watched].map(({ kind, setBy }) => `${kind} ${setBy}`);
    },
    /** Those still running were told of once. */
    forget(): void {
      watched.clear();
    },
  };
}

function replace(kind: 'setTimeout' | 'setInterval', watched: Set<Watched>): void {
  const original = globalThis[kind] as (...args: unknown[]) => NodeJS.Timeout;
  const watching = (...args: unknown[]): NodeJS.Timeout => {
    const timer = original(...args);
    watched.add({ timer: new WeakRef(timer), kind, setBy: caller() });
    return timer;
  };
  // What Node and others hang on the function: `util.promisify.custom`.
  Object.defineProperties(watching, Object.getOwnPropertyDescriptors(original));
  Object.assign(globalThis, { [kind]: watching });
  Object.assign(nodeTimers, { [kind]: watching });
  syncBuiltinESMExports();
}

function isRunning({ timer }: Watched): boolean {
  const state = timer.deref() as unknown as TimerState | undefined;
  return state !== undefined && !state._destroyed;
}
