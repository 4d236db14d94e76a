import { describe, expect, test } from 'vitest';
import { checkFollowing, checkLost, checkRuns } from '../src/torture/check/check-runs.ts';
import { Ledger, type RunFollowing } from '../src/torture/ledger.ts';
import type { Logged } from '../src/torture/log.ts';

type Line = RunFollowing['lines'][number];

const RUN = { title: 'r', lines: ['a', 'b', 'c', 'd'] };
const [A, B, C, D] = RUN.lines.map((text, index) => ({ n: index + 1, text })) as [Line, Line, Line, Line];
const RIGHT: RunFollowing = {
  lines: [A, B, C, D],
  complaints: [],
  status: 'succeeded',
  isOver: true,
  isShutOut: false,
};

test('a follower who has every line once and in order, then its end, then 204, is without fault', () => {
  expect(kindsOf({})).toEqual([]);
});

test.each<[string, Line[], string[]]>([
  ['is dropped', [A, C, D], ['lost']],
  ['is dropped at the end', [A, B, C], ['lost']],
  ['comes twice', [A, B, B, C, D], ['doubled']],
  ['comes again much later', [A, B, C, D, A], ['doubled']],
  ['is swapped with the next', [A, C, B, D], ['misordered']],
  ['has another text', [A, { ...B, text: 'x' }, C, D], ['altered']],
  ['was never written', [A, B, C, D, { n: 5, text: 'e' }], ['invented']],
])('a line that %s is caught', (_, lines, kinds) => {
  expect(kindsOf({ lines })).toEqual(kinds);
});

test('an end that does not come, or is another, and a return that is not over are caught', () => {
  expect(kindsOf({ status: null })).toEqual(['lost']);
  expect(kindsOf({ status: 'interrupted' })).toEqual(['lost']);
  expect(kindsOf({ isOver: false })).toEqual(['protocol']);
  expect(kindsOf({ complaints: ['run.log came after done'] })).toEqual(['protocol']);
});

test('a run that is made twice, never ends, or is told to others is caught', () => {
  const [created, finished] = [told('run.created'), told('run.finished')];
  expect(faultsOf([created, finished])).toEqual([]);
  expect(faultsOf([created, created, finished])).toEqual(['doubled']);
  expect(faultsOf([created])).toEqual(['lost']);
  expect(faultsOf([created, { ...finished, to: ['all'] }])).toEqual(['misdelivered']);
});

/** Who lost the run when two of its lines had been acknowledged. */
describe('one who lost a run', () => {
  const left: RunFollowing = { ...RIGHT, lines: [A, B], status: null, isOver: false, isShutOut: true };
  const kinds = (change: Partial<RunFollowing>) =>
    checkLost(RUN, { following: { ...left, ...change }, at: 2 }).map(({ kind }) => kind);

  test('is without fault with what was said before, as far as it came, and shut out after', () => {
    for (const lines of [[], [A], [A, B]]) expect(kinds({ lines })).toEqual([]);
  });

  test('is caught with a line that was said after, with the end, and where they are let in again', () => {
    expect(kinds({ lines: [A, B, C] })).toEqual(['unentitled']);
    expect(kinds({ lines: [A, B, C, D] })).toEqual(['unentitled', 'unentitled']);
    expect(kinds({ status: 'succeeded' })).toEqual(['unentitled']);
    expect(kinds({ isShutOut: false })).toEqual(['protocol']);
  });

  test('is caught with a line that is missing, doubled or swapped before', () => {
    expect(kinds({ lines: [B] })).toEqual(['lost']);
    expect(kinds({ lines: [A, A] })).toEqual(['doubled']);
    expect(kinds({ lines: [B, A] })).toEqual(['misordered', 'lost']);
  });

  test('is not judged where nobody knows when it was lost', () => {
    expect(checkLost(RUN, { following: RIGHT, at: null })).toEqual([]);
  });
});

function kindsOf(change: Partial<RunFollowing>): string[] {
  return checkFollowing(RUN, { ...RIGHT, ...change }).map(({ kind }) => kind);
}

function faultsOf(log: readonly Logged[]): string[] {
  const ledger = new Ledger();
  ledger.runs.push({ ...RUN, id: 'id', to: ['user:ada'], followings: [RIGHT], lost: [] });
  return checkRuns(log, ledger).map(({ kind }) => kind);
}

function told(type: string): Logged {
  const run = { id: 'id', title: 'r', status: 'running', progress: null };
  const about = { marker: null, notification: null, access: [], question: null, run };
  return { n: 0, id: '', type, to: ['user:ada'], what: '', bytes: 100, ...about };
}
