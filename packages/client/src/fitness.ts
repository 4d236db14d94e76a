import type { End, Judge } from './ways.ts';

const SHORT_MS = 1_000;
const SHORT_IN_A_ROW = 3;
const GATEWAY_TIMEOUT = 504;

/**
 * Whether streams work where we are. Something in between that lets none live cuts them off at once, again and again:
 * what came to nothing at all (no network, no server) and what the server itself ended do not count.
 */
export class Fitness implements Judge {
  #openedAt: number | null = null;
  #short = 0;

  asked(): void {
    this.#openedAt = null;
  }

  bytes(now: number): void {
    this.#openedAt ??= now;
  }

  survives({ event, error }: End, now: number): boolean {
    const opened = this.#openedAt !== null;
    const wasCut = event === 'ended' || (event === 'failed' && (opened || error?.status === GATEWAY_TIMEOUT));
    if (opened && now - (this.#openedAt as number) >= SHORT_MS) this.#short = 0;
    else if (wasCut) this.#short += 1;
    if (this.#short < SHORT_IN_A_ROW) return true;
    this.#short = 0;
    return false;
  }
}
