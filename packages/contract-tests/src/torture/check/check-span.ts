import { parseCursor } from '@belfry/protocol';
import type { Logged } from '../log.ts';
import type { Seen, Span } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import type { Fault, FaultKind } from './fault.ts';
import { Holding } from './holding.ts';

export function numberOf(cursor: string): number {
  return parseCursor(cursor)?.n ?? Number.NaN;
}

/**
 * What a reader was given after its start, against all that the log holds for it: up to `head`, or where it is null up
 * to the last that came. What they are entitled to is judged at each event's own number.
 */
export function checkSpan(
  log: readonly Logged[],
  viewer: Viewer,
  span: Span,
  head: number | null,
  holding: Holding = new Holding(log, viewer),
): Fault[] {
  const from = numberOf(span.from);
  const given = new Set<number>();
  const faults: Fault[] = [];
  let furthest = from;
  for (const seen of span.seen) {
    const n = numberOf(seen.id);
    const kind = wrongOrder(n, from, furthest, given) ?? wrongEvent(log[n - 1], holding, seen);
    if (kind !== null) faults.push({ kind, who: viewer.name, what: `${seen.id} ${seen.what} by ${seen.channel}` });
    given.add(n);
    furthest = Math.max(furthest, n);
  }
  const upTo = head ?? Math.max(furthest, ...span.heartbeats.map(({ id }) => numberOf(id)));
  return [...faults, ...early(log, viewer, span), ...missing(log, viewer.name, holding, [from, upTo], given)];
}

function wrongOrder(n: number, from: number, furthest: number, given: ReadonlySet<number>): FaultKind | null {
  if (given.has(n) || n <= from) return 'doubled';
  return n < furthest ? 'misordered' : null;
}

function wrongEvent(event: Logged | undefined, holding: Holding, seen: Seen): FaultKind | null {
  if (event === undefined) return 'invented';
  const channel = holding.channelOf(event);
  if (channel === null) return holding.everHeld(event.to) ? 'unentitled' : 'misdelivered';
  if (channel !== seen.channel) return 'misdelivered';
  return event.id === seen.id && event.type === seen.type && event.what === seen.what ? null : 'altered';
}

/** A heartbeat says how far the reader has been served: none of theirs up to there may come after it. */
function early(log: readonly Logged[], { name }: Viewer, { seen, heartbeats }: Span): Fault[] {
  return heartbeats.flatMap(({ id, after }): Fault[] => {
    const next = seen[after];
    const n = numberOf(id);
    if (n > 0 && log[n - 1]?.id !== id) return [{ kind: 'invented', who: name, what: `a heartbeat at ${id}` }];
    if (next === undefined || numberOf(next.id) > n) return [];
    return [{ kind: 'misordered', who: name, what: `a heartbeat at ${id} before ${next.id}` }];
  });
}

function missing(
  log: readonly Logged[],
  who: string,
  holding: Holding,
  [from, upTo]: readonly [number, number],
  given: ReadonlySet<number>,
): Fault[] {
  return log
    .slice(from, upTo)
    .filter((event) => !given.has(event.n) && holding.channelOf(event) !== null)
    .map(({ id, what }) => ({ kind: 'lost', who, what: `${id} ${what}` }));
}
