import type { Readable } from './store.ts';

type Subscribe = Readable<unknown>['subscribe'];

/**
 * Opens with the first who subscribes and closes after the last. Who leaves and comes back in one turn, as React's
 * strict mode does, closes nothing.
 */
export function whileUsed(subscribe: Subscribe, open: () => void, close: () => void): Subscribe {
  let users = 0;
  let isOpen = false;
  const look = (): void => {
    if (isOpen === users > 0) return;
    isOpen = users > 0;
    (isOpen ? open : close)();
  };
  return (listener) => {
    const unsubscribe = subscribe(listener);
    users += 1;
    look();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      unsubscribe();
      users -= 1;
      queueMicrotask(look);
    };
  };
}
