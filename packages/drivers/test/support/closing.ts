import { afterEach } from 'vitest';

/** Has done after the test what closes something that it opened. */
export type Closing = (close: () => unknown) => void;

/** For the tests around: what was opened last is closed first. */
export function closingAfterEach(): Closing {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  return (close) => void closers.push(close);
}
