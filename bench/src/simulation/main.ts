// `npm run simulate`: what a number of people takes, from what the bench has measured.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '@belfry/contract-tests/random';
import { kept } from '../report/stored.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { costsOf } from './costs.ts';
import { simulationMarkdown } from './report.ts';
import { sizeOf } from './sizing.ts';
import type { World } from './tenants.ts';

const FIGURES = fileURLToPath(new URL('../../results', import.meta.url));
const SCALING = fileURLToPath(new URL('../../SCALING.md', import.meta.url));

const USAGE = `npm run simulate [-- options]     how many processes, Postgres servers and bus messages a number of people takes

  --connections 1e6,1e7,1e8   streams that are open; a column of the table each
  --publishes 1e4,1e5,1e6     notifications a second in all, for each of these
  --tenants 1e4,1e5,1e6       that they are spread over
  --tail 1.1                  the nth largest tenant has the first one's size divided by n to this power
  --seed belfry               for all that goes by chance
  --save                      into bench/SCALING.md`;

const FLAGS = {
  connections: { type: 'string', default: '1e6,1e7,1e8' },
  publishes: { type: 'string', default: '1e4,1e5,1e6' },
  tenants: { type: 'string', default: '1e4,1e5,1e6' },
  tail: { type: 'string', default: '1.1' },
  seed: { type: 'string', default: 'belfry' },
  save: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof read>;

try {
  const values = read();
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else simulate(values);
} catch (error) {
  console.error(`simulate: ${(error as Error).message}`);
  process.exitCode = 1;
}

function read() {
  return parseArgs({ options: FLAGS }).values;
}

function simulate(values: Values): void {
  const costs = costsOf(kept(FIGURES, SCENARIOS));
  const random = new Random(values.seed);
  const sizes = worldsOf(values).map((world) => sizeOf(world, costs, random));
  const markdown = simulationMarkdown({ sizes, costs, random, command: commandLine() });
  process.stdout.write(markdown);
  if (values.save) writeFileSync(SCALING, markdown);
}

function worldsOf(values: Values): World[] {
  const list = (name: ListName) => numbersIn(name, values[name]);
  const [connections, publishes, tenants] = [list('connections'), list('publishes'), list('tenants')];
  const [tail = 0] = list('tail');
  return connections.map((count, index) => ({
    connections: count,
    publishes: publishes[index] ?? (publishes.at(-1) as number),
    tenants: Math.round(tenants[index] ?? (tenants.at(-1) as number)),
    tail,
  }));
}

type ListName = 'connections' | 'publishes' | 'tenants' | 'tail';

function numbersIn(name: ListName, text: string): number[] {
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => number > 0 && Number.isFinite(number))) return numbers;
  throw new Error(`--${name} must be numbers above 0 with commas between, not ${text}.`);
}

function commandLine(): string {
  const args = process.argv.slice(2).filter((arg) => arg !== '--save');
  return ['npm run simulate', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
}
