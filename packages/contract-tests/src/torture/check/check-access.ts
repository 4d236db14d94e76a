import type { AccessCall, Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Reading, Span } from '../reading.ts';
import { numberOf } from './check-span.ts';
import type { Fault } from './fault.ts';
import type { Holding } from './holding.ts';

/** Only a change of access is a reason not to go on after a cursor: one that came later, or whose state had not come. */
export function checkRestarts({ viewer, restarts }: Reading, holding: Holding): Fault[] {
  return restarts
    .filter(
      ({ cursor, reason, isOwedState }) =>
        reason !== 'access' || !(isOwedState || holding.mayChangeAfter(numberOf(cursor))),
    )
    .map(({ cursor, reason }) => ({
      kind: 'protocol',
      who: viewer.name,
      what: `could not resume from ${cursor}: ${reason}`,
    }));
}

/** Behind a change of access comes a state, also where the connection was lost in between. */
export function checkOwedStates({ viewer, spans }: Reading, holding: Holding): Fault[] {
  return spans
    .filter((span) => wentOnWithout(span, holding))
    .map(({ from }) => ({
      kind: 'state',
      who: viewer.name,
      what: `went on after ${from} without the state it was owed`,
    }));
}

function wentOnWithout({ from, seen, resumedAfter }: Span, holding: Holding): boolean {
  const last = seen[(resumedAfter.at(-1) ?? 0) - 1];
  return last !== undefined && holding.turnsIn(numberOf(from), numberOf(last.id)).length > 0;
}

/**
 * What was given and taken, against the log: nothing that nobody asked for, nothing more often than it was tried. What
 * was answered is there; a grant of what is held by one already changes nothing.
 */
export function checkAccessCalls(log: readonly Logged[], { access }: Ledger): Fault[] {
  const logged = Map.groupBy(
    log.filter((event) => event.access.length > 0),
    ({ type, to, access: channels }) => `${type} ${to} ${channels}`,
  );
  const asked = Map.groupBy(access, told);
  return [...new Set([...logged.keys(), ...asked.keys()])].flatMap((what): Fault[] => {
    const calls = asked.get(what) ?? [];
    const times = logged.get(what)?.length ?? 0;
    const answered = calls.filter(({ isAnswered }) => isAnswered).length;
    if (times > sum(calls)) return [{ kind: 'invented', who: 'the log', what: `${what}, ${times} times` }];
    const least = what.startsWith('access.granted') ? Math.min(answered, 1) : answered;
    return times < least
      ? [{ kind: 'lost', who: 'the log', what: `${what}: ${answered} acknowledged, ${times} kept` }]
      : [];
  });
}

function told({ user, channel, isGrant }: AccessCall): string {
  return `access.${isGrant ? 'granted' : 'revoked'} ${user === null ? channel : `user:${user}`} ${channel}`;
}

function sum(calls: readonly AccessCall[]): number {
  return calls.reduce((total, { tries }) => total + tries, 0);
}
