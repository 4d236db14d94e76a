import { expect, test } from 'vitest';
import { describe } from '../src/torture/check/verdict.ts';
import { chosenSeed, Random } from '../src/torture/random.ts';
import { race } from '../src/torture/scenarios/race.ts';

// `npm run torture -- --only race` goes on for as long as it is told to.
test('20 writers race and 50 readers come and go: each reader has everything of theirs, once and in order', {
  timeout: 180_000,
}, async () => {
  const seed = chosenSeed();
  const verdict = await race({ random: new Random(seed), writers: 20, readers: 50, durationMs: 10_000 });
  console.log(`race, BELFRY_SEED=${seed}: ${describe(verdict)}`);
  expect(verdict.faults, `BELFRY_SEED=${seed} repeats it`).toEqual([]);
  expect(verdict.resumes).toBeGreaterThan(0);
});
