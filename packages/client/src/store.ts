import { Hook } from './hook.ts';

/** A value to watch, in the shape that `useSyncExternalStore` takes. Both functions may be passed on as they are. */
export interface Readable<Value> {
  /** Calls `listener` after a change; several changes in one turn are one call. The answer ends it. */
  subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  getSnapshot: () => Value;
}

export interface Store<Value> extends Readable<Value> {
  /** Says that the value may have changed. */
  touch: () => void;
}

/** `derive` is called at most once between two changes, and only when somebody looks. */
export function createStore<Value>(derive: () => Value, report: (error: unknown) => void): Store<Value> {
  const hook = new Hook<void>(report);
  let current: { value: Value } | null = null;
  let scheduled = false;
  return {
    subscribe: hook.add,
    getSnapshot: () => {
      current ??= { value: derive() };
      return current.value;
    },
    touch: () => {
      current = null;
      if (scheduled || hook.empty) return;
      scheduled = true;
      queueMicrotask(() => {
        scheduled = false;
        hook.call();
      });
    },
  };
}
