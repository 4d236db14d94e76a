import type { Readable } from '../../src/index.ts';

/** Resolves with the value once it is as wished. */
export function until<Value>(store: Readable<Value>, wished: (value: Value) => boolean): Promise<Value> {
  return new Promise((resolve) => {
    const look = (): void => {
      const value = store.getSnapshot();
      if (!wished(value)) return;
      unsubscribe();
      resolve(value);
    };
    const unsubscribe = store.subscribe(look);
    queueMicrotask(look);
  });
}
