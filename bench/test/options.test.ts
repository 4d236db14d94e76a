import { expect, it } from 'vitest';
import { readOptions, UsageError } from '../src/options.ts';
import { planned } from '../src/run.ts';

const namesOf = (...args: string[]) => {
  const options = readOptions(args);
  return options === null ? null : planned(options).map(({ scenario }) => scenario.name);
};

it.each([
  [['nope'], 'There is no scenario nope.'],
  [['--peers', 'nope'], 'There is no peer nope.'],
  [['--rounds', '0'], '--rounds must be a number from 1 to 100; it is "0".'],
  [['--rounds', '1.5'], '--rounds must be a whole number; it is "1.5".'],
  [['--in-flight', '1,'], '--in-flight must be a number from 1 to 512; it is "".'],
  [['--wat'], "Unknown option '--wat'."],
])('says of %j in one sentence what is wrong', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(UsageError);
  expect(() => readOptions(args)).toThrow(sentence);
});

it('measures a scenario that is named twice once, and none that has none of the peers', () => {
  expect(namesOf('start', 'start')).toEqual(['start']);
  expect(namesOf('start', 'idle', '--peers', 'nchan')).toEqual(['idle']);
  expect(namesOf('start', '--peers', 'nchan')).toEqual([]);
});

it('saves figures only where nothing but the number of rounds is other than usual', () => {
  expect(readOptions(['idle', '--rounds', '2'])?.saves).toBe(true);
  expect(readOptions(['idle', '--seconds', '1'])?.saves).toBe(false);
  expect(readOptions(['idle', '--seconds', '1', '--save'])?.saves).toBe(true);
});
