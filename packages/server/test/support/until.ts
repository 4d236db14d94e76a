import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something has become true; for what tells nobody when it does. */
export async function until(isTrue: () => boolean, what: string, patienceMs = 30_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(5);
  }
}
