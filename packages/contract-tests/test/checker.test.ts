import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkEarly, countOvertaking } from '../src/torture/check/check-early.ts';
import { checkLate } from '../src/torture/check/check-late.ts';
import { checkLedger } from '../src/torture/check/check-ledger.ts';
import { checkSpan } from '../src/torture/check/check-span.ts';
import { checkState } from '../src/torture/check/check-state.ts';
import { judge } from '../src/torture/check/verdict.ts';
import { Ledger } from '../src/torture/ledger.ts';
import type { Logged } from '../src/torture/log.ts';
import { Reading, type Seen, type Span } from '../src/torture/reading.ts';
import { memberViewer } from '../src/torture/viewer.ts';

const target = { url: 'http://nowhere', apiKey: 'k', jwtSecret: 's' };
const viewer = memberViewer('ada', target, { user: 'ada', roles: ['admin'], channels: ['topic:news/*'] });
const ADDRESSES = [['user:ada'], ['all'], ['user:ben'], ['user:ben', 'role:admin'], ['topic:news/1'], ['topic:x']];

const logs = fc.array(fc.constantFrom(...ADDRESSES), { minLength: 1, maxLength: 40 }).map((all) => all.map(logged));
/** A log, what Ada was rightly given of it after some position, and a number to choose one event by. */
const cases = fc
  .tuple(logs, fc.nat(), fc.nat())
  .map(([log, from, choice]) => ({ log, span: rightSpan(log, from % log.length), choice }))
  .filter(({ span }) => span.seen.length > 0);

test('a reader who has everything of theirs once and in order is without fault', () => {
  fc.assert(
    fc.property(cases, ({ log, span }) => {
      expect(checkSpan(log, viewer, span, log.length)).toEqual([]);
    }),
  );
});

test.each<[string, (seen: Seen[], at: number, log: Logged[]) => Seen[], string]>([
  ['is left out', (seen, at) => seen.toSpliced(at, 1), 'lost'],
  ['comes twice', (seen, at) => seen.toSpliced(at, 0, seen[at] as Seen), 'doubled'],
  ['comes again much later', (seen, at) => [...seen, seen[at] as Seen], 'doubled'],
  ['has another content', (seen, at) => changed(seen, at, { what: 'else' }), 'altered'],
  ['has another check value', (seen, at) => changed(seen, at, { id: `${seen[at]?.id}x` }), 'altered'],
  ['comes by another channel', (seen, at) => changed(seen, at, { channel: 'user:ben' }), 'misdelivered'],
  ['was never stored', (seen, _, log) => [...seen, { ...(seen[0] as Seen), id: idOf(log.length + 1) }], 'invented'],
])('one event that %s is caught', (_, tamper, kind) => {
  fc.assert(
    fc.property(cases, ({ log, span, choice }) => {
      const tampered = { ...span, seen: tamper(span.seen, choice % span.seen.length, log) };
      expect(checkSpan(log, viewer, tampered, log.length).map((fault) => fault.kind)).toContain(kind);
    }),
  );
});

test('two events in the wrong order are caught', () => {
  fc.assert(
    fc.property(
      cases.filter(({ span }) => span.seen.length > 1),
      ({ log, span: { seen, ...span }, choice }) => {
        const at = choice % (seen.length - 1);
        const swapped = seen.toSpliced(at, 2, seen[at + 1] as Seen, seen[at] as Seen);
        const faults = checkSpan(log, viewer, { ...span, seen: swapped }, log.length);
        expect(faults.map(({ kind }) => kind)).toEqual(['misordered']);
      },
    ),
  );
});

test("one event that is somebody else's is caught", () => {
  fc.assert(
    fc.property(
      cases.filter(({ log, span }) => foreignAfter(log, span).length > 0),
      ({ log, span, choice }) => {
        const foreign = foreignAfter(log, span);
        const one = foreign[choice % foreign.length] as Logged;
        const seen = [...span.seen, seenAs(one, one.to[0] as string)].sort((a, b) => numberIn(a.id) - numberIn(b.id));
        const faults = checkSpan(log, viewer, { ...span, seen }, log.length);
        expect(faults.map(({ kind }) => kind)).toEqual(['misdelivered']);
      },
    ),
  );
});

test('a heartbeat that is ahead of what was served, or of nothing, is caught', () => {
  const log = [['all'], ['user:ben'], ['all']].map(logged);
  const span = rightSpan(log, 0);
  const faultsWith = (id: string, after: number) =>
    checkSpan(log, viewer, { ...span, heartbeats: [{ id, after }] }, 3).map(({ kind }) => kind);
  expect(faultsWith(idOf(2), 1)).toEqual([]);
  expect(faultsWith(idOf(3), 2)).toEqual([]);
  expect(faultsWith(idOf(3), 1)).toEqual(['misordered']);
  expect(faultsWith(idOf(9), 2)).toEqual(['invented']);
});

test('a state that misses an item, or counts otherwise, is caught', () => {
  const log = [['all'], ['user:ben'], ['user:ada']].map(logged);
  const state = { items: ['id-3', 'id-1'], unread: 2, unseen: 2, questions: [], runs: [], at: 0 };
  const span = { ...rightSpan(log, 3), state };
  expect(checkState(log, viewer, span)).toEqual([]);
  expect(checkState(log, viewer, { ...span, state: { ...state, items: ['id-3'] } })).toHaveLength(1);
  expect(checkState(log, viewer, { ...span, state: { ...state, items: ['id-1', 'id-3'] } })).toHaveLength(1);
  expect(checkState(log, viewer, { ...span, state: { ...state, unread: 1 } })).toHaveLength(1);
  expect(checkState(log, viewer, { ...span, from: idOf(2) })).toHaveLength(1);
});

test('what the senders were promised and the log does not hold is caught', () => {
  const log = [['all'], ['all'], ['all']].map(logged);
  const kept = { writer: 1, outcome: 'kept', cursors: [], replayed: false } as const;
  expect(kindsOf(log, [{ ...kept, markers: ['m-1', 'm-2'] }])).toEqual([]);
  expect(kindsOf(log, [{ ...kept, markers: ['m-9'] }])).toEqual(['lost']);
  expect(
    kindsOf(log, [
      { ...kept, markers: ['m-3'] },
      { ...kept, markers: ['m-1'] },
    ]),
  ).toEqual(['misordered']);
  expect(kindsOf(log, [{ ...kept, outcome: 'refused', markers: ['m-1'] }])).toEqual(['invented']);
  expect(kindsOf(log, [{ ...kept, outcome: 'unknown', markers: ['m-9'] }])).toEqual([]);
  expect(kindsOf(log, [{ ...kept, outcome: 'unknown', markers: ['m-1', 'm-9'] }])).toEqual(['lost']);
  expect(kindsOf(log, [{ ...kept, markers: ['m-1'], cursors: [idOf(2)] }])).toEqual(['altered']);
  const twice = [...log, { ...(log[0] as Logged), n: 4, id: idOf(4) }];
  expect(kindsOf(twice, [{ ...kept, outcome: 'unknown', markers: ['m-1'] }])).toEqual(['doubled']);
  expect(kindsOf(log.toSpliced(1, 1), [])).toEqual(['lost']);
});

test('what an SQL transaction was promised and the log does not hold is caught', () => {
  const log = [['all'], ['user:ada'], ['all']].map(logged);
  const one = { writer: 100, cursors: [], replayed: false, row: 's1' } as const;
  const two = { ...one, markers: ['m-1', 'm-2'] };
  expect(kindsOf(log, [{ ...two, outcome: 'kept' }])).toEqual([]);
  expect(kindsOf(log, [{ ...two, outcome: 'undone' }])).toEqual(['invented']);
  expect(kindsOf(log, [{ ...one, markers: ['m-8', 'm-9'], outcome: 'undone' }])).toEqual([]);
  for (const outcome of ['kept', 'found'] as const) {
    expect(kindsOf(log, [{ ...one, markers: ['m-1', 'm-9'], outcome }])).toEqual(['lost']);
    expect(kindsOf(log, [{ ...one, markers: ['m-2', 'm-1'], outcome }])).toEqual(['misordered']);
  }
  const later = { ...one, markers: ['m-3'], outcome: 'kept' } as const;
  expect(kindsOf(log, [later, { ...two, outcome: 'kept' }])).toEqual(['misordered']);
  // The answer to its COMMIT was lost: it may have been later than what came after it.
  expect(kindsOf(log, [later, { ...two, outcome: 'found' }])).toEqual([]);
});

test('what is stored for others than it was sent to is caught', () => {
  const log = [['all'], ['user:ada', 'all']].map(logged);
  const sent = { writer: 1, outcome: 'kept', cursors: [], replayed: false, markers: ['m-1', 'm-2'] } as const;
  expect(kindsOf(log, [{ ...sent, addresses: [['all'], ['user:ada', 'all']] }])).toEqual([]);
  expect(kindsOf(log, [{ ...sent, addresses: [['all'], ['user:ada']] }])).toEqual(['misdelivered']);
  expect(kindsOf(log, [{ ...sent, addresses: [['all'], ['all', 'user:ada']] }])).toEqual(['misdelivered']);
});

test('the row of a transaction decides what nobody was told', () => {
  const one = { writer: 100, markers: ['m-1'], cursors: [], replayed: false };
  const ledger = ledgerOf([
    { ...one, outcome: 'unknown', row: 'there' },
    { ...one, outcome: 'unknown', row: 'not there' },
    { ...one, outcome: 'unknown' },
    { ...one, outcome: 'kept', row: 'kept' },
  ]);
  ledger.settle(new Set(['there', 'kept']));
  expect(ledger.sent.map(({ outcome }) => outcome)).toEqual(['found', 'undone', 'unknown', 'kept']);
  expect(ledger.complaints).toEqual([]);
  ledger.settle(new Set(['there']));
  expect(ledger.complaints).toHaveLength(1);
  expect(judge([], ledger, []).faults.map(({ kind }) => kind)).toContain('protocol');
});

test('what someone was given before its transaction committed is caught', () => {
  const log = [['all'], ['all']].map(logged);
  const span = rightSpan(log, 0);
  const reading = new Reading(viewer);
  reading.spans.push({ ...span, seen: span.seen.map((seen) => ({ ...seen, at: 50 })) });
  const ledger = ledgerOf(
    [49, 51].map((notBefore, index) => {
      const markers = [`m-${index + 1}`];
      return { writer: 100, markers, outcome: 'kept', cursors: [], replayed: false, notBefore };
    }),
  );
  expect(checkEarly(ledger, reading)).toMatchObject([{ kind: 'invented', what: expect.stringContaining('m-2') }]);
});

test('what was passed over for seconds while later ones were taken is caught', () => {
  const log = [['all'], ['all'], ['all']].map(logged);
  const at = (index: number, seconds: number, begun = seconds) => {
    const times = { begunAt: begun * 1_000, notBefore: seconds * 1_000, keptAt: seconds * 1_000 + 5 };
    return { writer: 100, markers: [`m-${index}`], outcome: 'kept', cursors: [], replayed: false, ...times } as const;
  };
  expect(checkLate(log, ledgerOf([at(1, 10), at(2, 8), at(3, 12)]))).toEqual([]);
  expect(checkLate(log, ledgerOf([at(1, 20), at(2, 8), at(3, 12)]))).toMatchObject([
    { kind: 'late', who: 'm-2' },
    { kind: 'late', who: 'm-3' },
  ]);
  // It was open for long: where no relay came in between, it is taken in its turn, which is before theirs.
  expect(checkLate(log, ledgerOf([at(1, 20, 5), at(2, 8), at(3, 12)]))).toEqual([]);
});

test('what overtakes a transaction that stays open is counted', () => {
  const log = [['all'], ['all'], ['all']].map(logged);
  const reading = new Reading(viewer);
  const span = rightSpan(log, 0);
  reading.spans.push({
    ...span,
    seen: span.seen.map((seen, index) => ({ ...seen, at: [15, 25, 35][index] as number })),
  });
  const ledger = ledgerOf(
    [5, 20, 22].map((notBefore, index) => {
      const markers = [`m-${index + 1}`];
      return { writer: 100, markers, outcome: 'kept', cursors: [], replayed: false, notBefore };
    }),
  );
  expect(countOvertaking(ledger, [reading])).toBe(0);
  ledger.holds.push({ from: 10, to: 30 });
  expect(countOvertaking(ledger, [reading])).toBe(1);
});

function ledgerOf(sent: Ledger['sent']): Ledger {
  const ledger = new Ledger();
  for (const one of sent) ledger.add(one);
  return ledger;
}

function kindsOf(log: Logged[], sent: Ledger['sent']): string[] {
  const ledger = ledgerOf(sent);
  return checkLedger(log, ledger).map(({ kind }) => kind);
}

function logged(to: readonly string[], index: number): Logged {
  const n = index + 1;
  const what = { what: `id-${n} m-${n}`, marker: `m-${n}`, notification: `id-${n}` };
  return {
    n,
    id: idOf(n),
    type: 'notification.created',
    to,
    ...what,
    access: [],
    question: null,
    run: null,
    bytes: 100,
  };
}

function idOf(n: number): string {
  return `epoch-${n}-chk${n % 10}`;
}

function numberIn(id: string): number {
  return Number(id.split('-')[1]);
}

function seenAs({ id, type, what }: Logged, channel: string): Seen {
  return { id, type, what, channel, at: 0 };
}

function rightSpan(log: readonly Logged[], from: number): Span {
  const seen = log.slice(from).flatMap((event) => {
    const channel = event.to.find((to) => ['user:ada', 'all', 'role:admin', 'topic:news/1'].includes(to));
    return channel === undefined ? [] : [seenAs(event, channel)];
  });
  return spanOf(from, seen);
}

function spanOf(from: number, seen: Seen[]): Span {
  const state = { items: [], unread: 0, unseen: 0, questions: [], runs: [], at: 0 };
  return { from: idOf(from), state, seen, heartbeats: [], resumedAfter: [], upTo: null };
}

function foreignAfter(log: readonly Logged[], { from }: Span): Logged[] {
  return log.filter(({ n, to }) => n > numberIn(from) && ['user:ben', 'topic:x'].includes(to.join()));
}

function changed(seen: Seen[], at: number, change: Partial<Seen>): Seen[] {
  return seen.toSpliced(at, 1, { ...(seen[at] as Seen), ...change });
}
