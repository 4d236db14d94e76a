import { expect, test } from 'vitest';
import { checkAccessCalls, checkOwedStates } from '../src/torture/check/check-access.ts';
import { checkReading } from '../src/torture/check/check-reading.ts';
import { checkSpan } from '../src/torture/check/check-span.ts';
import { checkState } from '../src/torture/check/check-state.ts';
import { Holding } from '../src/torture/check/holding.ts';
import { type AccessCall, Ledger } from '../src/torture/ledger.ts';
import type { Logged } from '../src/torture/log.ts';
import { Reading, type Seen, type Span } from '../src/torture/reading.ts';
import { memberViewer } from '../src/torture/viewer.ts';

const target = { url: 'http://nowhere', apiKey: 'k', jwtSecret: 's' };
const viewer = memberViewer('ada', target, { user: 'ada', roles: [], channels: ['topic:news/*'] });

/** Ada's token gives her `topic:news/*`. */
const LOG = [
  sent('topic:news/1'), // 1: hers by her token
  revoked('user:ada', 'topic:news/*'), // 2
  sent('topic:news/1'), // 3: hers no more
  granted('user:ada', 'topic:news/1'), // 4
  sent('topic:news/1'), // 5: hers again
  sent('topic:news/2'), // 6: not hers
  granted('user:ben', 'topic:news/2'), // 7: Ben's, as is what follows
  sent('topic:news/2'), // 8
  revoked('topic:news/1', 'topic:news/1'), // 9: taken from everybody; told to her, who held it
  sent('topic:news/1'), // 10
  revoked('topic:news/1', 'topic:news/1'), // 11: nothing to her
].map((event, index) => ({
  ...event,
  n: index + 1,
  id: idOf(index + 1),
  what: `event ${index + 1}`,
  notification: `event-${index + 1}`,
}));

const HERS = [1, 2, 4, 5, 9];

test('a reader who has what they held at its number, once and in order, is without fault', () => {
  expect(kindsOf(HERS)).toEqual([]);
});

test.each<[string, number[], string[]]>([
  ['one that came after a revocation', [1, 2, 3, 4, 5, 9], ['unentitled']],
  ['one that came after it was taken from everybody', [...HERS, 10], ['unentitled']],
  ['one that is told of what was taken when it was hers no more', [...HERS, 11], ['unentitled']],
  ['one under a prefix that was taken', [1, 2, 4, 5, 6, 9], ['unentitled']],
  ["one of another person's grant", [1, 2, 4, 5, 7, 9], ['misdelivered']],
  ['one that is missing right after a grant', [1, 2, 4, 9], ['lost']],
  ['a grant itself that is missing', [1, 2, 5, 9], ['lost']],
  ['a revocation itself that is missing', [1, 4, 5, 9], ['lost']],
  ['one from before the revocation that is missing', [2, 4, 5, 9], ['lost']],
  ['one after a grant that comes twice', [1, 2, 4, 5, 5, 9], ['doubled']],
  ['one after a grant that comes before it', [1, 2, 5, 4, 9], ['misordered']],
])('%s is caught', (_, numbers, kinds) => {
  expect(kindsOf(numbers)).toEqual(kinds);
});

test('what is missing before a state in mid-stream is caught, and before a fresh start it is not', () => {
  const reading = new Reading(viewer);
  reading.spans.push({ ...spanOf(0, [1, 2]), upTo: idOf(5) }, spanOf(5, [9]));
  expect(checkReading(LOG, reading).filter(({ kind }) => kind === 'lost')).toMatchObject([
    { what: expect.stringContaining('event 4') },
    { what: expect.stringContaining('event 5') },
  ]);
  (reading.spans[0] as Span).upTo = null;
  expect(checkReading(LOG, reading).filter(({ kind }) => kind === 'lost')).toEqual([]);
});

test('going on behind a change of access without a state is caught', () => {
  const reading = new Reading(viewer);
  reading.spans.push({ ...spanOf(0, HERS), resumedAfter: [1] });
  const faults = () => checkOwedStates(reading, new Holding(LOG, viewer));
  expect(faults()).toEqual([]);
  reading.spans.push({ ...spanOf(0, HERS), resumedAfter: [1, 2] });
  expect(faults()).toMatchObject([{ kind: 'state', what: expect.stringContaining('owed') }]);
});

test('a start anew that no change of access explains is caught', () => {
  const reading = new Reading(viewer);
  reading.spans.push(spanOf(0, HERS));
  reading.restarts.push({ cursor: idOf(8), reason: 'access', isOwedState: false });
  expect(checkReading(LOG, reading)).toEqual([]);
  const isOwedState = false;
  reading.restarts.push({ cursor: idOf(11), reason: 'access', isOwedState });
  reading.restarts.push({ cursor: idOf(1), reason: 'expired', isOwedState });
  expect(checkReading(LOG, reading).map(({ kind }) => kind)).toEqual(['protocol', 'protocol']);
});

test('a state that shows what was taken, or misses what was given, is caught', () => {
  const log = LOG.slice(0, 4);
  const at = (from: number, ...items: string[]) => {
    const state = { items, unread: items.length, unseen: items.length, questions: [], runs: [], at: 0 };
    return checkState(log, viewer, { from: idOf(from), state });
  };
  expect(at(1, 'event-1')).toEqual([]);
  expect(at(3)).toEqual([]);
  expect(at(4, 'event-3', 'event-1')).toEqual([]);
  expect(at(3, 'event-1')).toHaveLength(1);
  expect(at(4, 'event-1')).toHaveLength(1);
});

test('a change of access that nobody asked for, or that was acknowledged and is not in the log, is caught', () => {
  const given: AccessCall = { isGrant: true, user: 'ada', channel: 'topic:x', tries: 1, isAnswered: true };
  const taken: AccessCall = { ...given, isGrant: false };
  const fromAll: AccessCall = { ...taken, user: null };
  const log = [granted('user:ada', 'topic:x'), revoked('user:ada', 'topic:x'), revoked('topic:x', 'topic:x')];
  expect(faultsOf(log, [given, taken, fromAll])).toEqual([]);
  // It was held already.
  expect(faultsOf(log, [given, given, taken, fromAll])).toEqual([]);
  expect(faultsOf(log, [given, taken])).toEqual(['invented']);
  expect(faultsOf(log, [given, taken, taken, fromAll])).toEqual(['lost']);
  expect(faultsOf(log.slice(1), [given, taken, fromAll])).toEqual(['lost']);
  expect(faultsOf(log.slice(1), [{ ...given, isAnswered: false }, taken, fromAll])).toEqual([]);
  expect(faultsOf([...log, ...log.slice(1, 2)], [given, { ...taken, tries: 2 }, fromAll])).toEqual([]);
});

function faultsOf(log: readonly Logged[], calls: readonly AccessCall[]): string[] {
  const ledger = new Ledger();
  ledger.access.push(...calls);
  return checkAccessCalls(log, ledger).map(({ kind }) => kind);
}

function kindsOf(numbers: readonly number[]): string[] {
  return checkSpan(LOG, viewer, spanOf(0, numbers), LOG.length).map(({ kind }) => kind);
}

function spanOf(from: number, numbers: readonly number[]): Span {
  const items = from === 0 ? [] : ['event-5', 'event-3', 'event-1'];
  const state = { items, unread: items.length, unseen: items.length, questions: [], runs: [], at: 0 };
  return { from: idOf(from), state, seen: numbers.map(seenAt), heartbeats: [], resumedAfter: [], upTo: null };
}

function seenAt(n: number): Seen {
  const { id, type, what, to } = LOG[n - 1] as Logged;
  return { id, type, what, channel: to[0] as string, at: 0 };
}

function sent(channel: string): Logged {
  return event('notification.created', channel, []);
}

function granted(to: string, channel: string): Logged {
  return event('access.granted', to, [channel]);
}

function revoked(to: string, channel: string): Logged {
  return event('access.revoked', to, [channel]);
}

function event(type: string, to: string, access: string[]): Logged {
  return {
    n: 0,
    id: '',
    type,
    to: [to],
    what: '',
    marker: null,
    notification: null,
    access,
    question: null,
    run: null,
    bytes: 100,
  };
}

function idOf(n: number): string {
  return `epoch-${n}-chk${n % 10}`;
}
