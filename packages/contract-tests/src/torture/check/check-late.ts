import type { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault } from './fault.ts';

/** A process that stands still may hold the log for this long, but then it holds it for all. */
const LATE_MS = 7_000;

interface Committed {
  n: number;
  marker: string;
  /** It was told to commit after this, and had committed by that. */
  notBefore: number;
  keptAt: number;
}

/**
 * What SQL publishes gets its number when a relay takes it. However slow that is at times, nothing may be passed over
 * while what was committed seconds later is taken.
 */
export function checkLate(log: readonly Logged[], { sent }: Ledger): Fault[] {
  const numbers = new Map(log.map(({ marker, n }) => [marker, n] as const));
  const committed = sent
    .flatMap(({ markers, notBefore, keptAt }) =>
      markers.map((marker) => ({ marker, notBefore, keptAt, n: numbers.get(marker) })),
    )
    .filter((one): one is Committed => one.n !== undefined && one.keptAt !== undefined && one.notBefore !== undefined)
    .sort((one, other) => one.n - other.n);
  let latest = 0;
  return committed.flatMap(({ marker, notBefore, keptAt }): Fault[] => {
    const lateMs = latest - keptAt;
    latest = Math.max(latest, notBefore);
    if (lateMs <= LATE_MS) return [];
    return [{ kind: 'late', who: marker, what: `stands behind what was committed ${Math.round(lateMs)} ms later` }];
  });
}
