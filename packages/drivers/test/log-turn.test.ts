import { setTimeout as sleep } from 'node:timers/promises';
import { collect, oldKb } from '@belfry/contract-tests/old-space';
import { expect, it } from 'vitest';
import { WriteTurns } from '../src/store/postgres/write-turns.ts';

/** Each writes 2 kB. Now and then V8 collects what is young while one of them is under way. */
async function write(turns: WriteTurns, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const large = Array.from({ length: 250 }, (_, index) => index + 0.5);
    await turns.group('acme', async () => {
      await null;
      if (count % 10 === 0) collect({ type: 'minor' });
      return large.length;
    });
  }
}

it('a write leaves nothing behind that only a full collection finds', async () => {
  const turns = new WriteTurns(1_000, { isAwaited: false });
  await write(turns, 500);
  await sleep(0);
  collect({ type: 'major' });
  const before = oldKb();
  await write(turns, 2_000);
  // All of their arrays together are 4,000 kB.
  expect(oldKb() - before).toBeLessThan(1_000);
});
