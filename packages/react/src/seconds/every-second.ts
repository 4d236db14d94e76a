import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

/** One timer for everything on the page that counts seconds, which runs while something does. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, 1_000);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of [...listeners]) listener();
}

function getSnapshot(): number {
  if (listeners.size === 0 || now === 0) now = Math.floor(Date.now() / 1_000) * 1_000;
  return now;
}

const STILL = () => () => {};

/** Milliseconds since 1970, moved on every second while `counting`. 0 on a server. */
export function useEverySecond(counting: boolean): number {
  return useSyncExternalStore(counting ? subscribe : STILL, counting ? getSnapshot : () => 0, () => 0);
}
