import type { Readable } from '@belfry/client';
import { useSyncExternalStore } from 'react';

/**
 * What a store of the client holds, as it changes. `server` stands in for it where the page is rendered on a server, and
 * for as long as the browser takes that over; it must be the same object each time.
 */
export function useReadable<Value>({ subscribe, getSnapshot }: Readable<Value>, server: Value): Value {
  return useSyncExternalStore(subscribe, getSnapshot, () => server);
}
