import type { Readable } from './store.ts';

type Subscribe = Readable<unknown>['subscribe'];

/**
 * Says so when the first subscribes and when the last has left. Who leaves and comes back in one turn, as React's
 * strict mode does, closes nothing.
 */
export function whileUsed(subscribe: Subscribe, changed: (used: boolean) => void): Subscribe {
  let users = 0;
  let isOpen = false;
  const look = (): void => {
    if (isOpen === users > 0) return;
    isOpen = users > 0;
    changed(isOpen);
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
