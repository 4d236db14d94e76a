import type { Judge } from './ways.ts';

const SHORT_MS = 1_000;
const SHORT_IN_A_ROW = 3;
const GATEWAY_TIMEOUT = 504;

/**
 * Whether streams work where we are. Something in between that lets none live cuts them off at once, again and again:
 * what came to nothing at all (no network, no server) and what the server itself ended do not count.
 */
export function createFitness(): Judge {
  let openedAt: number | null = null;
  let short = 0;
  return {
    asked: () => {
      openedAt = null;
    },
    bytes: (now) => {
      openedAt ??= now;
    },
    survives: ({ event, error }, now) => {
      const wasCut =
        event === 'ended' || (event === 'failed' && (openedAt !== null || error?.status === GATEWAY_TIMEOUT));
      if (openedAt !== null && now - openedAt >= SHORT_MS) short = 0;
      else if (wasCut) short += 1;
      if (short < SHORT_IN_A_ROW) return true;
      short = 0;
      return false;
    },
  };
}
