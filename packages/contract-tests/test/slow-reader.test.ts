import { test } from 'vitest';
import { expectUnharmed, MB } from '../src/torture/scenarios/unharmed.ts';

// `npm run soak` publishes 500 MB, and judges resident memory and the time of others too.
test('a reader that stops reading while 100 MB are published costs no memory, and resumes', {
  timeout: 180_000,
}, async () => {
  await expectUnharmed(75 * MB, 100 * MB);
});
