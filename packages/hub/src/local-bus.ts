import { type Bus, noCounts } from './bus.ts';

/** For a process that has its database to itself: there is nobody to tell. */
export function localBus(): Bus {
  return {
    counters: noCounts(),
    listen() {},
    follow: () => Promise.resolve(),
    unfollow() {},
    publish() {},
    close: () => Promise.resolve(),
  };
}
