import { expect, test } from 'vitest';
import { checkQuestions } from '../src/torture/check/check-questions.ts';
import type { TurnedAhead } from '../src/torture/check/turned-ahead.ts';
import { type AnswerTry, type AskedQuestion, Ledger, type WaitedFor } from '../src/torture/ledger.ts';
import type { Logged } from '../src/torture/log.ts';

const TO = ['user:ada', 'user:ben'];
const OPENED = told('question.opened', null);
const BY_ADA = told('question.answered', 'by ada');
const BY_BEN = told('question.answered', 'by ben');
const UPDATED = told('question.updated', null);
const EXPIRED = told('question.expired', null);
const CANCELLED = told('question.cancelled', null);

const WON: AnswerTry = { user: 'ada', value: 'by ada', outcome: 'won', first: 'by ada' };
const BEATEN: AnswerTry = { user: 'ben', value: 'by ben', outcome: 'beaten', first: 'by ada' };
const LATE: AnswerTry = { user: 'ben', value: 'by ben', outcome: 'late', first: null };
const CUT_OFF: AnswerTry = { user: 'ben', value: 'by ben', outcome: 'unknown', first: null };

test('a question that was answered once, and of which all were told that answer, is without fault', () => {
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN])).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON, CUT_OFF])).toEqual([]);
});

test('one who was cut off may have been first', () => {
  const beaten = { ...WON, outcome: 'beaten', first: 'by ben' } as const;
  expect(kindsOf([OPENED, BY_BEN], [beaten, CUT_OFF], { waits: [answered('by ben')] })).toEqual([]);
});

test('a question that expired, was taken back or edited, as it may, is without fault', () => {
  const over = (status: string) => ({ waits: [{ status, answer: null }] });
  expect(kindsOf([OPENED, EXPIRED], [LATE, CUT_OFF], { expires: true, ...over('expired') })).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], { expires: true })).toEqual([]);
  expect(kindsOf([OPENED, CANCELLED], [LATE], { cancelled: 'done', ...over('cancelled') })).toEqual([]);
  expect(kindsOf([OPENED, CANCELLED], [CUT_OFF], { cancelled: 'unknown' })).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], { cancelled: 'beaten' })).toEqual([]);
  expect(kindsOf([OPENED, UPDATED, UPDATED, BY_ADA], [WON], { edited: 'done' })).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON], { edited: 'beaten' })).toEqual([]);
});

test.each<[string, Logged[], AnswerTry[], Partial<AskedQuestion>, string[]]>([
  ['ends twice', [OPENED, BY_ADA, EXPIRED], [WON], { expires: true }, ['doubled']],
  ['expires without a time', [OPENED, EXPIRED], [LATE], {}, ['invented']],
  ['expires though somebody won', [OPENED, EXPIRED], [WON], { expires: true }, ['lost']],
  ['expires though somebody was told of an answer', [OPENED, EXPIRED], [BEATEN], { expires: true }, ['lost']],
  ['is taken back by nobody', [OPENED, CANCELLED], [LATE], {}, ['invented']],
  ['is answered though it was taken back', [OPENED, BY_ADA], [WON], { cancelled: 'done' }, ['altered']],
  ['is answered though somebody was told that it is over', [OPENED, BY_ADA], [WON, LATE], {}, ['altered']],
  ['was edited, and nobody is told', [OPENED, BY_ADA], [WON], { edited: 'done' }, ['lost']],
  ['is edited by nobody', [OPENED, UPDATED, BY_ADA], [WON], {}, ['invented']],
  ['is edited after its end', [OPENED, BY_ADA, UPDATED], [WON], { edited: 'done' }, ['misordered']],
  ['never ends', [OPENED], [LATE], { expires: true }, ['lost']],
])('a question that %s is caught', (_, log, tries, more, kinds) => {
  expect(kindsOf(log, tries, more)).toEqual(kinds);
});

test.each<[string, Logged[], AnswerTry[], string[]]>([
  ['is accepted twice', [OPENED, BY_ADA, BY_BEN], [WON, BEATEN], ['doubled']],
  ['has two winners', [OPENED, BY_ADA], [WON, { ...BEATEN, outcome: 'won' }], ['doubled']],
  ['was acknowledged and is not there', [OPENED], [WON, BEATEN], ['lost']],
  ['is another than the winner was told', [OPENED, BY_BEN], [WON, CUT_OFF], ['altered']],
  ['is another than those who lost were told', [OPENED, BY_ADA], [WON, { ...BEATEN, first: 'by cleo' }], ['altered']],
  ["is the loser's", [OPENED, BY_ADA], [{ ...WON, outcome: 'beaten' }, BEATEN], ['altered']],
  ["is nobody's", [OPENED, BY_ADA], [CUT_OFF], ['invented']],
  ['comes before its question', [BY_ADA, OPENED], [WON, BEATEN], ['misordered']],
  ['is of a question that was asked twice', [OPENED, OPENED, BY_ADA], [WON, BEATEN], ['doubled']],
  ['is told to others', [OPENED, { ...BY_ADA, to: ['all'] }], [WON, BEATEN], ['misdelivered']],
])('an answer that %s is caught', (_, log, tries, kinds) => {
  expect(kindsOf(log, tries)).toEqual(kinds);
});

test('whom a process with its clock ahead has told that a question is over may be wrong, if it is one that expires', () => {
  const [ahead, behind] = [[{ from: 0, byMs: 60_000 }], [{ from: 0, byMs: -60_000 }]];
  const late: Partial<AskedQuestion> = { expires: true, waits: [{ status: 'expired', answer: null }] };
  expect(kindsOf([OPENED, BY_ADA], [WON, LATE], late, ahead)).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON, LATE], late, behind)).toEqual(['altered', 'altered']);
  expect(kindsOf([OPENED, BY_ADA], [WON, LATE], {}, ahead)).toEqual(['altered']);
  expect(kindsOf([OPENED, BY_BEN], [WON, LATE], late, ahead)).toEqual(['altered', 'invented']);
});

test('who waited and was told of no answer, or of another one, is caught', () => {
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], { waits: [answered('by ada'), null] })).toEqual(['lost']);
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], { waits: [answered('by ada'), answered('by ben')] })).toEqual([
    'altered',
  ]);
});

function answered(answer: string): WaitedFor {
  return { status: 'answered', answer };
}

function kindsOf(
  log: readonly Logged[],
  tries: readonly AnswerTry[],
  more: Partial<AskedQuestion> = {},
  turns: readonly TurnedAhead[] = [],
): string[] {
  const ledger = new Ledger();
  ledger.turns.push(...turns);
  const plain = { id: 'q', message: 'Which?', to: TO, expires: false, cancelled: 'none', edited: 'none' } as const;
  ledger.questions.push({ ...plain, tries, waits: [], ...more });
  const numbered = log.map((event, index) => ({ ...event, n: index + 1 }));
  return checkQuestions(numbered, ledger).map(({ kind }) => kind);
}

function told(type: string, answer: string | null): Logged {
  const question = { id: 'q', message: 'Which?', answer, expiresAt: null };
  const about = { marker: null, notification: null, access: [], question, run: null };
  return { n: 0, id: '', type, to: TO, what: '', bytes: 100, ...about };
}
