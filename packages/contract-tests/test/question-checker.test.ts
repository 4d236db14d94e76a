import { expect, test } from 'vitest';
import { checkQuestions } from '../src/torture/check/check-questions.ts';
import { type AnswerTry, type AskedQuestion, Ledger } from '../src/torture/ledger.ts';
import type { Logged } from '../src/torture/log.ts';

const TO = ['user:ada', 'user:ben'];
const OPENED = told('question.opened', null);
const BY_ADA = told('question.answered', 'by ada');
const BY_BEN = told('question.answered', 'by ben');

const WON: AnswerTry = { user: 'ada', value: 'by ada', outcome: 'won', first: 'by ada' };
const BEATEN: AnswerTry = { user: 'ben', value: 'by ben', outcome: 'beaten', first: 'by ada' };
const CUT_OFF: AnswerTry = { user: 'ben', value: 'by ben', outcome: 'unknown', first: null };

test('a question that was answered once, and of which all were told that answer, is without fault', () => {
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN])).toEqual([]);
  expect(kindsOf([OPENED, BY_ADA], [WON, CUT_OFF])).toEqual([]);
});

test('one who was cut off may have been first', () => {
  const beaten = { ...WON, outcome: 'beaten', first: 'by ben' } as const;
  expect(kindsOf([OPENED, BY_BEN], [beaten, CUT_OFF], ['by ben'])).toEqual([]);
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

test('who waited and was told of no answer, or of another one, is caught', () => {
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], ['by ada', null])).toEqual(['lost']);
  expect(kindsOf([OPENED, BY_ADA], [WON, BEATEN], ['by ada', 'by ben'])).toEqual(['altered']);
});

function kindsOf(log: readonly Logged[], tries: readonly AnswerTry[], waits: AskedQuestion['waits'] = []): string[] {
  const ledger = new Ledger();
  ledger.questions.push({ id: 'q', message: 'Which?', to: TO, tries, waits });
  const numbered = log.map((event, index) => ({ ...event, n: index + 1 }));
  return checkQuestions(numbered, ledger).map(({ kind }) => kind);
}

function told(type: string, answer: string | null): Logged {
  const question = { id: 'q', message: 'Which?', answer, expiresAt: null };
  const about = { marker: null, notification: null, access: [], question, run: null };
  return { n: 0, id: '', type, to: TO, what: '', bytes: 100, ...about };
}
