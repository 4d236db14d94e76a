import { expect, test } from 'vitest';
import { environmentWith } from '../src/environment.ts';

test('what is overdue can be run at once, and then does not run again', async () => {
  const { setTimer, runOverdue } = environmentWith();
  const ran: string[] = [];
  setTimer(() => ran.push('due'), 1);
  const cancel = setTimer(() => ran.push('cancelled'), 1);
  const cancelLater = setTimer(() => ran.push('later'), 60_000);
  cancel();
  const until = Date.now() + 5;
  while (Date.now() < until) {
    // No timer gets its turn, as in a hidden tab.
  }
  runOverdue();
  expect(ran).toEqual(['due']);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ran).toEqual(['due']);
  cancelLater();
});

test('in Node clients have no locks, so that those of one process do not share', () => {
  expect(environmentWith().locks()).toBeNull();
});
