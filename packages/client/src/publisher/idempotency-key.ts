import type { Environment } from '../environment.ts';

/** A key nobody used before. `crypto` is missing in Node 18 and on pages without TLS; chance does there. */
export function newIdempotencyKey({ random }: Environment): string {
  const own = globalThis.crypto?.randomUUID?.();
  if (own !== undefined) return own;
  const part = (): string => Math.floor(random() * 2 ** 48).toString(36);
  return `${part()}-${part()}-${part()}`;
}
