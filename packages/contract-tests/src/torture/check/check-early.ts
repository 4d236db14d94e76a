import type { Ledger } from '../ledger.ts';
import type { Reading, Seen } from '../reading.ts';
import type { Fault } from './fault.ts';

/** Nothing may be shown to anyone before its transaction was told to commit. */
export function checkEarly(ledger: Ledger, { viewer, spans }: Reading): Fault[] {
  const earliest = new Map(
    ledger.sent.flatMap(({ markers, notBefore = 0 }) => markers.map((marker) => [marker, notBefore] as const)),
  );
  return spans
    .flatMap(({ seen }) => seen)
    .filter((seen) => seen.at < (earliest.get(markerOf(seen)) ?? 0))
    .map(({ id, what }) => ({ kind: 'invented', who: viewer.name, what: `${id} ${what} before it was committed` }));
}

/** Of what SQL published while a transaction stayed open, that which someone was given before that ended. */
export function countOvertaking({ sent, holds }: Ledger, readings: readonly Reading[]): number {
  const spans = readings.flatMap((reading) => reading.spans);
  const givenAt = new Map<string, number>();
  for (const seen of spans.flatMap((span) => span.seen)) {
    const marker = markerOf(seen);
    givenAt.set(marker, Math.min(seen.at, givenAt.get(marker) ?? seen.at));
  }
  const isOvertaking = (marker: string, notBefore: number) =>
    holds.some(({ from, to }) => from < notBefore && (givenAt.get(marker) ?? to) < to);
  return sent
    .filter(({ notBefore }) => notBefore !== undefined)
    .flatMap(({ markers, notBefore }) => markers.filter((marker) => isOvertaking(marker, notBefore as number))).length;
}

/** It stands behind the id, or behind the type of an app's own event. */
function markerOf({ what }: Seen): string {
  return what.slice(what.indexOf(' ') + 1);
}
