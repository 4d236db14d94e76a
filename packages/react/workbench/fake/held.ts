import type { Readable } from '@belfry/client';

/** A store that holds what it is given. */
export interface Held<Value> extends Readable<Value> {
  set: (changes: Partial<Value>) => void;
}

export function held<Value>(first: Value): Held<Value> {
  const listeners = new Set<() => void>();
  let value = first;
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => value,
    set: (changes) => {
      value = { ...value, ...changes };
      for (const listener of [...listeners]) listener();
    },
  };
}
