import { BelfryError } from '@belfry/protocol';

/** What a start fails with. The cause is its text alone: libraries hang the command, password and all, on theirs. */
export function unreachable(engine: string, shown: string, setting: string, error: unknown): BelfryError {
  const why = reasonOf(error);
  return new BelfryError(
    'unavailable',
    `The bus can't reach ${engine} at ${shown}: ${why}. Start it there, or correct ${setting}.`,
    { retryAfter: 1 },
  );
}

export function refused(engine: string, shown: string, setting: string): BelfryError {
  return new BelfryError(
    'invalid',
    `${engine} at ${shown} refused the bus its user name or password. Correct them in ${setting}.`,
    { field: setting },
  );
}

/** One line for people. A refused connection to a name with several addresses is an error without a text. */
export function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  return message || code || 'no reason given';
}
