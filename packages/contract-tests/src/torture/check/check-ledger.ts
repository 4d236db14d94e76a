import type { Ledger, Sent } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Fault } from './fault.ts';

/** The log itself: no gap, and of all that was sent what was promised, in each writer's order. */
export function checkLedger(log: readonly Logged[], ledger: Ledger): Fault[] {
  const byMarker = Map.groupBy(
    log.filter(({ marker }) => marker !== null),
    ({ marker }) => marker as string,
  );
  return [
    ...log.flatMap((event, index) => (event.n === index + 1 ? [] : [gap(event, index + 1)])),
    ...ledger.sent.flatMap((sent) =>
      checkSent(
        sent,
        sent.markers.map((marker) => byMarker.get(marker) ?? []),
      ),
    ),
    ...checkOrder(ledger, byMarker),
  ];
}

function gap({ id }: Logged, expected: number): Fault {
  return { kind: 'lost', who: 'the log', what: `${id} stands where ${expected} should` };
}

function checkSent(sent: Sent, found: readonly Logged[][]): Fault[] {
  const { writer, markers, outcome, cursors } = sent;
  const fault = (kind: Fault['kind'], what: string): Fault => ({ kind, who: `writer ${writer}`, what });
  const faults = found.flatMap((copies, index) =>
    copies.length > 1 ? [fault('doubled', `${markers[index]} is stored ${copies.length} times`)] : [],
  );
  const kept = found.filter((copies) => copies.length > 0).length;
  if (isCertain(sent) && kept < markers.length) faults.push(fault('lost', `${markers} was acknowledged`));
  if (outcome === 'refused' && kept > 0) faults.push(fault('invented', `${markers} was refused`));
  if (outcome === 'undone' && kept > 0) faults.push(fault('invented', `${markers} was rolled back`));
  if (outcome === 'unknown' && kept > 0 && kept < markers.length) faults.push(fault('lost', `a part of ${markers}`));
  const isElsewhere = cursors.some((cursor, index) => found[index]?.[0] !== undefined && found[index][0].id !== cursor);
  if (isElsewhere) faults.push(fault('altered', `${markers} was answered to stand at ${cursors}`));
  return [...faults, ...misdirected(sent, found)];
}

/** What stands in the log must be for those it was sent to, in the order in which they were named. */
function misdirected({ writer, markers, addresses }: Sent, found: readonly Logged[][]): Fault[] {
  return markers.flatMap((marker, index): Fault[] => {
    const [address, stored] = [addresses?.[index]?.join(), found[index]?.[0]?.to.join()];
    if (address === undefined || stored === undefined || address === stored) return [];
    return [{ kind: 'misdelivered', who: `writer ${writer}`, what: `${marker} to ${address} is stored to ${stored}` }];
  });
}

function isCertain({ outcome }: Sent): boolean {
  return outcome === 'kept' || outcome === 'found';
}

/**
 * What was sent together stands in its order. And writers wait for each answer, so what they sent later stands later;
 * only what was cut off may still be on its way.
 */
function checkOrder({ sent }: Ledger, byMarker: ReadonlyMap<string, Logged[]>): Fault[] {
  const last = new Map<number, number>();
  return sent.flatMap((one) => {
    if (!isCertain(one)) return [];
    const { writer, markers, outcome } = one;
    const before = outcome === 'kept' ? (last.get(writer) ?? 0) : 0;
    const numbers = markers.flatMap((marker) => byMarker.get(marker)?.map(({ n }) => n) ?? []);
    const ordered = numbers.every((n, index) => n > (numbers[index - 1] ?? before));
    last.set(writer, Math.max(last.get(writer) ?? 0, ...(outcome === 'kept' ? numbers : [])));
    return ordered ? [] : [{ kind: 'misordered' as const, who: `writer ${writer}`, what: `${markers} at ${numbers}` }];
  });
}
