import { expect, test } from 'vitest';
import { brokenPromises, checkPromises } from '../checking/promises.ts';

const titlesOf = (file: string) => (file === 'a.test.ts' ? ['it holds', 'a %s holds: always_so'] : null);

const row = (enforced: string): string => `| A1 | it is so | ${enforced} |`;

test('a promise is kept where each test that it names is there by its full title', () => {
  expect(brokenPromises(row('`a.test.ts`: _it holds_, _a %s holds: always_so_'), titlesOf)).toEqual([]);
});

test('names the promise whose test has another title, is in no such file, or is not named at all', () => {
  expect(brokenPromises(row('`a.test.ts`: _it hol_'), titlesOf)).toEqual([
    'A1 names a test that a.test.ts does not have: it hol',
  ]);
  expect(brokenPromises(row('`a.test.ts`: _it holds_; `b.test.ts`: _it holds_'), titlesOf)).toEqual([
    'A1 names b.test.ts, which is not there',
  ]);
  for (const none of ['`a.test.ts`', 'the compiler', ''])
    expect(brokenPromises(row(none), titlesOf)).toEqual([
      'A1 names no test: write its file and its title, as `a.test.ts`: _what it says_',
    ]);
});

test('the promises of the client are kept', async () => {
  expect(await checkPromises()).toEqual({ code: 0, output: '' });
});
