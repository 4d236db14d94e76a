import { LIMITS } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { checkState } from '../src/torture/check/check-state.ts';
import type { TurnedAhead } from '../src/torture/check/turned-ahead.ts';
import type { Logged } from '../src/torture/log.ts';
import type { RunSeen, StateSeen } from '../src/torture/reading.ts';
import { memberViewer } from '../src/torture/viewer.ts';

type Work = Pick<StateSeen, 'questions' | 'runs'>;

const target = { url: 'http://nowhere', apiKey: 'k', jwtSecret: 's' };
const viewer = memberViewer('ada', target, { user: 'ada', roles: [], channels: [] });

const LOG = numbered([
  asked('opened', 'answered-before', 'user:ada'), // 1
  asked('opened', 'bens', 'user:ben'), // 2
  ran('created', ['long', 'queued', null], 'all'), // 3
  ran('created', ['short', 'queued', null], 'user:ada'), // 4
  asked('opened', 'old', 'all'), // 5
  ran('updated', ['long', 'running', 0.5], 'all'), // 6
  asked('answered', 'answered-before', 'user:ada'), // 7
  ran('finished', ['short', 'succeeded', 1], 'user:ada'), // 8
  ran('created', ['bens', 'queued', null], 'user:ben'), // 9
  asked('opened', 'new', 'user:ada'), // 10
]);
const LONG: RunSeen = { id: 'long', status: 'running', progress: 0.5 };
const RIGHT: Work = { questions: ['new', 'old'], runs: [LONG] };

test('a state with the open questions and unfinished runs of its reader as of its number is without fault', () => {
  const queued = { status: 'queued', progress: null };
  expect(faultsOf(LOG, 10, RIGHT)).toEqual([]);
  expect(faultsOf(LOG, 7, { questions: ['old'], runs: [{ id: 'short', ...queued }, LONG] })).toEqual([]);
  const early = [
    { id: 'short', ...queued },
    { id: 'long', ...queued },
  ];
  expect(faultsOf(LOG, 5, { questions: ['old', 'answered-before'], runs: early })).toEqual([]);
});

test.each<[string, Partial<Work>]>([
  ['a question missing', { questions: ['new'] }],
  ['a question that was answered before', { questions: ['new', 'old', 'answered-before'] }],
  ["somebody else's question", { questions: ['new', 'old', 'bens'] }],
  ['its questions in another order', { questions: ['old', 'new'] }],
  ['a question twice', { questions: ['new', 'old', 'old'] }],
  ['a run missing', { runs: [] }],
  ['a run that is finished', { runs: [{ id: 'short', status: 'succeeded', progress: 1 }, LONG] }],
  ["somebody else's run", { runs: [{ id: 'bens', status: 'queued', progress: null }, LONG] }],
  ['a run with an older status', { runs: [{ id: 'long', status: 'queued', progress: null }] }],
  ['a run with other progress', { runs: [{ ...LONG, progress: 0.4 }] }],
])('a state with %s is caught', (_, wrong) => {
  expect(faultsOf(LOG, 10, { ...RIGHT, ...wrong })).toMatchObject([{ kind: 'state', who: 'ada' }]);
});

test('a state of more open questions or runs than it may have shows the newest', () => {
  const ids = Array.from({ length: LIMITS.openQuestions + 1 }, (_, index) => `${index}`);
  const questions = numbered(ids.map((id) => asked('opened', id, 'all')));
  const runs = numbered(ids.map((id) => ran('created', [id, 'queued', null], 'all')));
  const newest = ids.toReversed();
  const asRuns = newest.map((id) => ({ id, status: 'queued', progress: null }));
  const faultsWith = (log: readonly Logged[], work: Partial<Work>) =>
    faultsOf(log, log.length, { questions: [], runs: [], ...work });
  expect(faultsWith(questions, { questions: newest.slice(0, LIMITS.openQuestions) })).toEqual([]);
  expect(faultsWith(questions, { questions: newest })).toHaveLength(1);
  expect(faultsWith(runs, { runs: asRuns.slice(0, LIMITS.stateRuns) })).toEqual([]);
  expect(faultsWith(runs, { runs: asRuns })).toHaveLength(1);
});

test('a question may be missing between its end by the clock and the word of what became of it, and no other may', () => {
  const expiresAt = '2026-01-01T00:00:00.000Z';
  const after = Date.parse(expiresAt);
  const log = (type: string) => numbered([asked('opened', 'q', 'all', expiresAt), asked(type, 'q', 'all', expiresAt)]);
  const shown: Work = { questions: ['q'], runs: [] };
  const missing: Work = { questions: [], runs: [] };
  for (const type of ['expired', 'answered']) {
    expect(faultsOf(log(type), 1, shown, after)).toEqual([]);
    expect(faultsOf(log(type), 1, missing, after)).toEqual([]);
    expect(faultsOf(log(type), 1, missing, after - 1)).toHaveLength(1);
    expect(faultsOf(log(type), 2, shown, after)).toHaveLength(1);
  }
});

test('a question may be missing from then on where a clock was turned past its end, and not before', () => {
  const expiresAt = '2026-01-01T00:00:00.000Z';
  const end = Date.parse(expiresAt);
  const log = numbered([asked('opened', 'q', 'all', expiresAt), asked('opened', 'lasting', 'all')]);
  const faultsAt = (came: number, questions: string[], byMs: number) =>
    faultsOf(log, 2, { questions, runs: [] }, came, [{ from: end - 5_000, byMs }]);
  expect(faultsAt(end - 4_000, ['lasting'], 4_000)).toEqual([]);
  expect(faultsAt(end - 4_000, ['lasting', 'q'], 4_000)).toEqual([]);
  expect(faultsAt(end - 4_000, ['q'], 4_000)).toHaveLength(1);
  expect(faultsAt(end - 4_000, ['lasting'], 3_999)).toHaveLength(1);
  expect(faultsAt(end - 5_001, ['lasting'], 60_000)).toHaveLength(1);
  expect(faultsAt(end - 4_000, ['lasting'], -60_000)).toHaveLength(1);
});

test('a state is of what its reader holds at its number, whenever it was asked or begun', () => {
  const run = { id: 'r', status: 'queued', progress: null };
  const log = numbered([
    asked('opened', 'q', 'topic:x'), // 1
    ran('created', ['r', 'queued', null], 'topic:x'), // 2
    access('granted', 'topic:x'), // 3
    access('revoked', 'topic:x'), // 4
  ]);
  const all: Work = { questions: ['q'], runs: [run] };
  const none: Work = { questions: [], runs: [] };
  expect([2, 3, 4].map((at) => faultsOf(log, at, at === 3 ? all : none))).toEqual([[], [], []]);
  expect([2, 3, 4].map((at) => faultsOf(log, at, at === 3 ? none : all).length)).toEqual([2, 2, 2]);
});

/** @param came when the state did. */
function faultsOf(
  log: readonly Logged[],
  at: number,
  { questions, runs }: Readonly<Work>,
  came = 0,
  turns: readonly TurnedAhead[] = [],
) {
  const state = { items: [], unread: 0, unseen: 0, questions, runs, at: came };
  return checkState(log, viewer, { from: `epoch-${at}-chk`, state }, undefined, turns);
}

function numbered(events: readonly Logged[]): Logged[] {
  return events.map((event, index) => ({ ...event, n: index + 1 }));
}

function asked(type: string, id: string, to: string, expiresAt: string | null = null): Logged {
  return told(`question.${type}`, to, { question: { id, message: id, answer: null, expiresAt } });
}

function ran(type: string, [id, status, progress]: [string, string, number | null], to: string): Logged {
  return told(`run.${type}`, to, { run: { id, title: id, status, progress } });
}

function access(type: string, channel: string): Logged {
  return told(`access.${type}`, 'user:ada', { access: [channel] });
}

function told(type: string, to: string, about: Partial<Logged>): Logged {
  const nothing = { marker: null, notification: null, access: [], question: null, run: null };
  return { n: 0, id: '', type, to: [to], what: '', bytes: 100, ...nothing, ...about };
}
