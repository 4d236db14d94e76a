import { useSyncExternalStore } from 'react';

/** As in the stylesheet. */
const NARROW = '(max-width: 640px)';

/** Whether this is a phone, or as narrow as one. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(NARROW).matches,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
