import { parseArgs } from 'node:util';
import type { Settings } from './figures.ts';
import { PEERS, peerNamed } from './peers/index.ts';
import type { Peer } from './peers/peer.ts';
import { SCENARIOS, scenarioNamed } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';

export interface Options {
  scenarios: Scenario[];
  peers: Peer[];
  rounds: number;
  settings: Omit<Settings, 'inFlight'>;
  /** In place of each scenario's own. */
  inFlight: number[] | null;
  profile: boolean;
  /** Nothing is measured. */
  isReportOnly: boolean;
  /** The figures of what was run take the place of the earlier ones in RESULTS.md. */
  saves: boolean;
  /** A file for the report of this run alone; null: none. */
  out: string | null;
  json: string | null;
  /** A folder for the profiles. */
  keep: string | null;
}

/** Wrong use: what is wrong, and the mend. */
export class UsageError extends Error {}

export const USAGE = `npm run bench [-- NAME…] [options]     without a NAME: all

${inLines(SCENARIOS.map(({ name }) => name))}

RESULTS.md says of each what it does.

  --seconds 3          measured, a round
  --warmup 1.5         seconds before that
  --rounds 3           of each, interleaved with the peers
  --subscribers 1000   open streams under load
  --connections 15000  open streams when idle
  --in-flight 1,64     messages in flight; without it each scenario has its own
  --batch-size 1000    notifications in a batch
  --people 100000      recipients of the notification whose deliveries are counted
  --rate 500           messages a second of the relay
  --peers belfry,…     only these:
${inLines(
  PEERS.map(({ name }) => name),
  ' '.repeat(23),
)}
  --save               into bench/RESULTS.md even with sizes, times or peers that are not the usual ones
  --report             measures nothing: RESULTS.md and the plots again, of what is in bench/results
  --out FILE           the report of this run alone, and nothing into RESULTS.md without --save
  --json FILE          the figures of every round of it
  --profile            one round each of Belfry with a profile of the servers: their CPU, or memory when idle
  --keep FOLDER        with --profile: keeps the profiles, for a browser's developer tools`;

/** As many in a line as it has room for. */
function inLines(names: readonly string[], indent = '  '): string {
  const lines = names.join(', ').match(/.{1,76}(?: |$)/g) ?? [];
  return lines.map((line) => indent + line.trimEnd()).join('\n');
}

const FLAGS = {
  seconds: { type: 'string', default: '3' },
  warmup: { type: 'string', default: '1.5' },
  rounds: { type: 'string', default: '3' },
  subscribers: { type: 'string', default: '1000' },
  connections: { type: 'string', default: '15000' },
  'in-flight': { type: 'string' },
  'batch-size': { type: 'string', default: '1000' },
  people: { type: 'string', default: '100000' },
  rate: { type: 'string', default: '500' },
  peers: { type: 'string' },
  save: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  out: { type: 'string' },
  json: { type: 'string' },
  profile: { type: 'boolean', default: false },
  keep: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** @throws UsageError; null where help was asked for. */
export function readOptions(args: string[]): Options | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const settings = {
    seconds: number('seconds', values.seconds, 0.1, 600),
    warmup: number('warmup', values.warmup, 0, 600),
    subscribers: whole('subscribers', values.subscribers, 10, 19_000),
    connections: whole('connections', values.connections, 600, 25_000),
    batchSize: whole('batch-size', values['batch-size'], 1, 1_000),
    people: whole('people', values.people, 10, 1_000_000),
    rate: number('rate', values.rate, 1, 10_000),
  };
  return {
    scenarios: positionals.length === 0 ? [...SCENARIOS] : [...new Set(positionals.map(wantedScenario))],
    peers: values.peers === undefined ? [...PEERS] : values.peers.split(',').map(wantedPeer),
    rounds: values.profile ? 1 : whole('rounds', values.rounds, 1, 100),
    settings,
    // 512: the ledger has room for twice as many.
    inFlight: values['in-flight']?.split(',').map((text) => whole('in-flight', text, 1, 512)) ?? null,
    profile: values.profile,
    isReportOnly: values.report,
    saves: values.save || isUsual(args),
    out: values.out ?? null,
    json: values.json ?? null,
    keep: values.keep ?? null,
  };
}

/** Figures of a run with other sizes or fewer peers are no match for the others in the report. */
function isUsual(args: string[]): boolean {
  const { tokens } = parseArgs({ args, options: FLAGS, allowPositionals: true, tokens: true });
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  return given.every((name) => ['rounds', 'json'].includes(name));
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a number from ${least} to ${most}; it is ${JSON.stringify(text)}.`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = number(name, text, least, most);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`--${name} must be a whole number; it is ${JSON.stringify(text)}.`);
}

function wantedScenario(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario !== undefined) return scenario;
  throw new UsageError(`There is no scenario ${name}.`);
}

function wantedPeer(name: string): Peer {
  const peer = peerNamed(name);
  if (peer !== undefined) return peer;
  throw new UsageError(`There is no peer ${name}.`);
}
