import type { Host } from '../host.ts';
import { createShared } from '../shared.ts';
import { createFeed, type RunFeedStore } from './feed-store.ts';
import type { RunFeed } from './run-feed.ts';

/** Feeds of runs, by id. They end with the client and go on with it. */
export function runFeedsOf({ host }: { host: Host }): (id: string) => RunFeed {
  const feeds = createShared<RunFeedStore>();
  host.add({
    family: 'run.*',
    connected: () => {
      for (const feed of feeds.used()) feed.open();
    },
    stateCame: () => {},
    take: () => {},
    touch: () => {},
    reset: () => {
      for (const feed of feeds.alive()) feed.reset();
    },
    stop: () => {
      for (const feed of feeds.used()) feed.close();
    },
  });
  return (id) => feeds.get(id, (onUse) => createFeed(host, id, onUse));
}
