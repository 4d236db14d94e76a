// `npm run torture -- --seed S --minutes M`: race and kills in turns, each round from a seed of its own, until the time
// is over or something is lost, doubled, misordered or misdelivered.
import { parseArgs } from 'node:util';
import { describe, type Verdict } from './check/verdict.ts';
import { chosenSeed, Random } from './random.ts';
import { kills } from './scenarios/kills.ts';
import { race } from './scenarios/race.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: chosenSeed() }, minutes: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) fail(`--minutes must be a number above 0, not ${values.minutes}`);

const deadline = performance.now() + minutes * 60_000;
console.log(`seed ${values.seed}, ${minutes} minutes`);
for (let round = 1; performance.now() < deadline; round += 1) await play(round, values.seed);
console.log('verdict: nothing lost, doubled, misordered or misdelivered');

async function play(round: number, seed: string): Promise<void> {
  const random = new Random(seed).fork(`round ${round}`);
  const name = round % 2 === 1 ? 'race' : 'kills';
  const verdict = await (name === 'race' ? raceOf(random) : killsOf(random));
  console.log(`round ${round}, ${name}: ${describe(verdict)}`);
  if (verdict.faults.length > 0) fail(`verdict: failed in round ${round}. \`--seed ${seed}\` repeats it`);
}

function raceOf(random: Random): Promise<Verdict> {
  const [writers, readers] = [random.int(2, 30), random.int(10, 80)];
  return race({ random, writers, readers, durationMs: random.int(10_000, 30_000) });
}

function killsOf(random: Random): Promise<Verdict> {
  const [writers, readers] = [random.int(2, 12), random.int(4, 24)];
  return kills({ random, writers, readers, kills: 20, betweenCommitAndAnswer: random.int(4, 10) });
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
