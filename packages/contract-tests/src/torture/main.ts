// `npm run torture -- --seed S --minutes M`: rounds of faults, race, kills and losses in turns, each from a seed of its own,
// until the time is over or something is lost, doubled, misordered or misdelivered. `--only` plays one kind of round,
// `--bus` takes that one, and `--round` begins later: with a seed, it repeats that round alone.
import { parseArgs } from 'node:util';
import { describe } from './check/verdict.ts';
import { chosenSeed, Random } from './random.ts';
import { BUSES, missing, ROUNDS, type RoundName } from './rounds.ts';

const NAMES = Object.keys(ROUNDS) as RoundName[];
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: chosenSeed() },
    minutes: { type: 'string', default: '1' },
    round: { type: 'string', default: '1' },
    only: { type: 'string' },
    bus: { type: 'string' },
  },
});
const { seed, only, bus } = values;
const minutes = Number(values.minutes);
const first = Number(values.round);
if (!(minutes > 0)) fail(`--minutes must be a number above 0, not ${values.minutes}`);
if (!(first >= 1)) fail(`--round must be a number from 1, not ${values.round}`);
if (only !== undefined && !NAMES.includes(only as RoundName)) fail(`--only must be one of ${NAMES}, not ${only}`);
if (bus !== undefined && !BUSES.includes(bus)) fail(`--bus must be one of ${BUSES}, not ${bus}`);

const deadline = performance.now() + minutes * 60_000;
console.log(`seed ${seed}, ${minutes} minutes`);
let round = first;
do await play(round++);
while (performance.now() < deadline);
console.log('verdict: nothing lost, doubled, misordered or misdelivered');

async function play(number: number): Promise<void> {
  const name = (only as RoundName | undefined) ?? (NAMES[(number - 1) % NAMES.length] as RoundName);
  const reason = missing(name);
  if (reason !== null) {
    if (only !== undefined) fail(reason);
    return console.log(`round ${number}, ${name}: left out. ${reason}`);
  }
  const random = new Random(seed).fork(`round ${number}`);
  const { verdict, about } = await ROUNDS[name](random, { bus, tell: console.log });
  console.log(`round ${number}, ${name}${about}: ${describe(verdict)}`);
  if (verdict.faults.length === 0) return;
  const again = `--seed ${seed} --round ${number} --only ${name}${bus === undefined ? '' : ` --bus ${bus}`}`;
  fail(`verdict: failed in round ${number}. \`npm run torture -- ${again}\` repeats it`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
