import { alike } from './alike.ts';
import { createHook } from './hook.ts';

/** A value to watch, in the shape that `useSyncExternalStore` takes. Both functions may be passed on as they are. */
export interface Readable<Value> {
  /** Calls `listener` after a change; several changes in one turn are one call. The answer ends it. */
  subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  getSnapshot: () => Value;
}

export interface Store<Value> extends Readable<Value> {
  /** Says that the value may have changed. Where it then is as before, nobody hears of it. */
  touch: () => void;
}

/** `derive` is called at most once between two touches, and only for those who look or listen. */
export function createStore<Value>(derive: () => Value, report: (error: unknown) => void): Store<Value> {
  const hook = createHook<[]>(report);
  let value: Value | undefined;
  /** Which value it is; 0: none yet. */
  let version = 0;
  /** The one that the listeners know of. */
  let told = 0;
  let stale = true;
  let scheduled = false;

  const look = (): number => {
    if (!stale) return version;
    const next = derive();
    stale = false;
    if (version === 0 || !alike(value, next)) {
      value = next;
      version += 1;
    }
    return version;
  };
  const tell = (): void => {
    scheduled = false;
    if (hook.isEmpty() || look() === told) return;
    told = version;
    hook.call();
  };

  return {
    subscribe: (listener) => {
      if (hook.isEmpty()) told = look();
      return hook.add(listener);
    },
    getSnapshot: () => {
      look();
      return value as Value;
    },
    touch: () => {
      stale = true;
      if (scheduled || hook.isEmpty()) return;
      scheduled = true;
      queueMicrotask(tell);
    },
  };
}
