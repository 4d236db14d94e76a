import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../peers/peer.ts';

const LIMIT_MS = 15_000;
export const LOOK_MS = 2;

/** Resolves as soon as `GET /readyz` is answered with 200. */
export async function ready({ host, port }: Address): Promise<void> {
  for (const begun = performance.now(); performance.now() - begun < LIMIT_MS; await sleep(LOOK_MS)) {
    const answer = await fetch(`http://${host}:${port}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
  }
  throw new Error(`Belfry was not ready in ${LIMIT_MS / 1_000} s.`);
}
