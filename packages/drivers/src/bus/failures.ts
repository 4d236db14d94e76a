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

/** The user is known, and has no right to the subjects. */
export function forbidden(engine: string, shown: string, setting: string, error: unknown): BelfryError {
  return new BelfryError(
    'invalid',
    `${engine} at ${shown} does not let the bus publish and subscribe on belfry.*: ${reasonOf(error)}. Give its user the right to that, or name another in ${setting}.`,
    { field: setting },
  );
}

/** Files of TLS, and a scheme without it. */
export function unencrypted(scheme: string): BelfryError {
  return new BelfryError(
    'invalid',
    `BELFRY_BUS names files for TLS, and is an address without TLS. Begin it with ${scheme}://, or leave them out.`,
    { field: 'BELFRY_BUS' },
  );
}

/** One line for people, without the full stop. A refused connection to a name with several addresses is an error without a text. */
export function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  const [line = ''] = (message ?? '').trim().split('\n');
  return line.replace(/[.:]+$/, '') || code || 'no reason given';
}
