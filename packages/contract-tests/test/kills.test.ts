import { expect, test } from 'vitest';
import { describe } from '../src/torture/check/verdict.ts';
import { chosenSeed, Random } from '../src/torture/random.ts';
import { kills } from '../src/torture/scenarios/kills.ts';

test('killed 20 times, 5 of them between commit and answer, the server loses nothing it answered and doubles nothing', {
  timeout: 180_000,
}, async () => {
  const seed = chosenSeed();
  const random = new Random(seed);
  const verdict = await kills({ random, writers: 8, readers: 16, kills: 20, betweenCommitAndAnswer: 5 });
  console.log(`kills, BELFRY_SEED=${seed}: ${describe(verdict)}`);
  expect(verdict.faults, `BELFRY_SEED=${seed} repeats it`).toEqual([]);
  expect(verdict.replays).toBeGreaterThan(0);
});
