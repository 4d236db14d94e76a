import type { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault } from './fault.ts';

/** A process that stands still may hold the log for this long, but then it holds it for all. */
const LATE_MS = 7_000;

interface Committed {
  n: number;
  marker: string;
  /** It began at this, before any of its calls, and had committed by that. */
  begunAt: number;
  keptAt: number;
}

/**
 * What SQL publishes gets its number when a relay takes it. However slow that is at times, nothing may be passed over
 * while what was begun seconds after its commit is taken. What was begun before it and committed after may be taken
 * before it: those that a relay finds together it takes in the order of the calls.
 */
export function checkLate(log: readonly Logged[], { sent }: Ledger): Fault[] {
  const numbers = new Map(log.map(({ marker, n }) => [marker, n] as const));
  const committed = sent
    .flatMap(({ markers, begunAt, keptAt }) =>
      markers.map((marker) => ({ marker, begunAt, keptAt, n: numbers.get(marker) })),
    )
    .filter((one): one is Committed => one.n !== undefined && one.keptAt !== undefined && one.begunAt !== undefined)
    .sort((one, other) => one.n - other.n);
  let latest = 0;
  return committed.flatMap(({ marker, begunAt, keptAt }): Fault[] => {
    const lateMs = latest - keptAt;
    latest = Math.max(latest, begunAt);
    if (lateMs <= LATE_MS) return [];
    return [{ kind: 'late', who: marker, what: `stands behind what was begun ${Math.round(lateMs)} ms later` }];
  });
}
