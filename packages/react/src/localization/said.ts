import type { BelfryError } from '@belfry/client';

/** What the server answered; where nothing came back (`status` is 0) the reason is one for developers. */
export function said(error: BelfryError | null, otherwise: string): string {
  return error === null || error.status === 0 ? otherwise : error.message;
}
