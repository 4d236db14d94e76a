// `npm run simulate`: how many processes, Postgres servers and bus messages a number of people takes, from what the bench
// has measured. `--connections 1e6,1e7 --publishes 1e4,1e5 --tenants 1e4,1e5 --tail 1.1 --seed S`; `--save` writes SCALING.md.
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

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '1e6,1e7,1e8' },
    publishes: { type: 'string', default: '1e4,1e5,1e6' },
    tenants: { type: 'string', default: '1e4,1e5,1e6' },
    tail: { type: 'string', default: '1.1' },
    seed: { type: 'string', default: 'belfry' },
    save: { type: 'boolean', default: false },
  },
});

try {
  const results = kept(FIGURES, SCENARIOS);
  const costs = costsOf(results);
  const random = new Random(values.seed);
  const sizes = worlds().map((world) => sizeOf(world, costs, random));
  const markdown = simulationMarkdown({ sizes, costs, random, command: commandLine() });
  process.stdout.write(`${markdown}\n`);
  if (values.save) writeFileSync(SCALING, markdown);
} catch (error) {
  console.error(`simulate: ${(error as Error).message}`);
  process.exitCode = 1;
}

function worlds(): World[] {
  const [connections, publishes, tenants] = [list('connections'), list('publishes'), list('tenants')];
  const [tail = 0] = list('tail');
  return connections.map((count, index) => ({
    connections: count,
    publishes: publishes[index] ?? (publishes.at(-1) as number),
    tenants: Math.round(tenants[index] ?? (tenants.at(-1) as number)),
    tail,
  }));
}

function list(name: 'connections' | 'publishes' | 'tenants' | 'tail'): number[] {
  const numbers = values[name].split(',').map(Number);
  if (numbers.every((number) => number > 0 && Number.isFinite(number))) return numbers;
  throw new Error(`--${name} must be numbers above 0 with commas between, not ${values[name]}.`);
}

function commandLine(): string {
  const args = process.argv.slice(2).filter((arg) => arg !== '--save');
  return ['npm run simulate', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
}
