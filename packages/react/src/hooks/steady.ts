import type { Readable } from '@belfry/client';

/** Ten times a second is as often as anybody can follow a list. */
const REST_MS = 100;
/** What comes by ones is told at once: it is a rush once so many have come faster than that. */
const FREE = 5;

/** The same value, which tells at once of what comes by ones, and of what comes in a rush once for all of it. */
export function steady<Value>({ subscribe, getSnapshot }: Readable<Value>): Readable<Value> {
  return {
    getSnapshot,
    subscribe: (listener) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let free = FREE;
      let last = performance.now();
      const tell = (): void => {
        timer = undefined;
        free -= 1;
        listener();
      };
      const off = subscribe(() => {
        const now = performance.now();
        free = Math.min(FREE, free + (now - last) / REST_MS);
        last = now;
        if (free >= 1 && timer === undefined) tell();
        else timer ??= setTimeout(tell, (1 - free) * REST_MS);
      });
      return () => {
        clearTimeout(timer);
        off();
      };
    },
  };
}
