/** A value to watch, in the shape that `useSyncExternalStore` takes. Both functions may be passed on as they are. */
export interface Readable<Value> {
  /** Calls `listener` after a change; several changes in one turn are one call. The answer ends it. */
  subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  getSnapshot: () => Value;
}

export interface Store<Value> extends Readable<Value> {
  /** Says that the value may have changed. */
  touch(): void;
}

/** `derive` is called at most once between two changes, and only when somebody looks. */
export function createStore<Value>(derive: () => Value, report: (error: unknown) => void): Store<Value> {
  const listeners = new Set<() => void>();
  let current: { value: Value } | null = null;
  let scheduled = false;

  const notify = (): void => {
    scheduled = false;
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        report(error);
      }
    }
  };

  return {
    subscribe: (listener) => {
      // Wrapped, so that the same function given twice is two subscriptions.
      const own = (): void => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
    getSnapshot: () => {
      current ??= { value: derive() };
      return current.value;
    },
    touch: () => {
      current = null;
      if (scheduled || listeners.size === 0) return;
      scheduled = true;
      queueMicrotask(notify);
    },
  };
}
