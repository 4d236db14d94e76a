import { BelfryError } from '@belfry/protocol';

/** The first release whose node:sqlite, and type stripping, need no flag and no care. */
const OLDEST = [22, 18] as const;

/**
 * An older Node has no node:sqlite, and a thread that finds none ends without a word.
 *
 * @throws BelfryError `unavailable`.
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new BelfryError(
    'unavailable',
    `Belfry's embedded store needs Node ${OLDEST.join('.')} or newer; this is ${version}.`,
  );
}
