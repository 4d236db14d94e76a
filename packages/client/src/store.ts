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
  let current: { value: Value } | null = null;
  let stale = true;
  let scheduled = false;
  /** What the listeners know of. */
  let told: { value: Value } | null = null;

  const look = (): { value: Value } => {
    if (current !== null && !stale) return current;
    const value = derive();
    stale = false;
    if (current === null || !alike(current.value, value)) current = { value };
    return current;
  };
  const tell = (): void => {
    scheduled = false;
    if (hook.isEmpty() || look() === told) return;
    told = look();
    hook.call();
  };

  return {
    subscribe: (listener) => {
      if (hook.isEmpty()) told = look();
      return hook.add(listener);
    },
    getSnapshot: () => look().value,
    touch: () => {
      stale = true;
      if (scheduled || hook.isEmpty()) return;
      scheduled = true;
      queueMicrotask(tell);
    },
  };
}
