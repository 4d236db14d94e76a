import { useSyncExternalStore } from 'react';

const TICK_MS = 15_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

/** One timer for every time on the page, which runs while one is shown. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, TICK_MS);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** While nobody listens nothing moves it on, so then it looks itself. */
function getSnapshot(): number {
  if (listeners.size === 0 && Date.now() - now >= TICK_MS) now = Date.now();
  return now;
}

/** Milliseconds since 1970, moved on every 15 s. 0 on a server. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, getSnapshot, () => 0);
}

/** Midnight of today; changes once a day. */
export function useToday(): number {
  return useSyncExternalStore(
    subscribe,
    () => dayOf(getSnapshot()),
    () => 0,
  );
}

/** Midnight before this moment, here. */
export function dayOf(time: number | string): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
