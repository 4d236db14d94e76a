import { type CaseResult, spreadOf } from '../report/results.ts';

/** What one of each costs, as the bench measured it. CPU in µs of one core. */
export interface Costs {
  /** A process, for a notification that comes in a request of its own. */
  publish: number;
  /** Postgres, for the same. */
  store: number;
  /** A process that hears of it by the bus, with its delivery to one stream. */
  hear: number;
  /** For each further stream, where each gets one frame in a turn. */
  deliver: number;
  /** A stream that nothing happens on, a second. */
  idle: number;
  connect: number;
  queriesPerConnect: number;
  /** Notifications a second that one log took. */
  logPerSecond: number;
  /** Of one stream. */
  kilobytes: number;
  /** Of one delivery, on the wire. */
  bytes: number;
}

interface Source {
  scenario: string;
  inFlight?: number;
  peer: string;
}

const SINGLE: Source = { scenario: 'postgres-single', peer: 'Belfry-Postgres' };
const RELAY: Source = { scenario: 'relay', peer: 'Belfry-Redis' };
const BROADCAST: Source = { scenario: 'broadcast', inFlight: 1, peer: 'Belfry' };
const IDLE: Source = { scenario: 'idle', peer: 'Belfry' };
const CONNECTS: Source = { scenario: 'connects', peer: 'Belfry-Postgres' };
const BATCH: Source = { scenario: 'postgres-batch', peer: 'Belfry-Postgres' };

/** @throws Error naming the part of the bench that has to be run first. */
export function costsOf(results: readonly CaseResult[]): Costs {
  const figure = (source: Source, key: string) => figureOf(results, source, key);
  const requests = figure(SINGLE, 'requestsPerSecond');
  // What all cores did, without the server and the generator: that was Postgres. Percent of a core each.
  const postgres =
    figure(SINGLE, 'machineBusy') * coresOf(caseOf(results, SINGLE)) -
    figure(SINGLE, 'serverBusy') -
    figure(SINGLE, 'generatorBusy');
  const connections = caseOf(results, IDLE).settings.connections;
  return {
    publish: figure(SINGLE, 'cpuPerStored'),
    store: (Math.max(0, postgres) / 100 / requests) * 1_000_000,
    hear: figure(RELAY, 'cpuFollowing'),
    deliver: figure(BROADCAST, 'cpuPerDelivery'),
    idle: (figure(IDLE, 'idleCpu') / 100 / connections) * 1_000_000,
    connect: figure(CONNECTS, 'cpuPerConnect'),
    queriesPerConnect: figure(CONNECTS, 'queriesPerConnect'),
    logPerSecond: figure(BATCH, 'storedPerSecond'),
    kilobytes: figure(IDLE, 'connectionKb'),
    bytes: figure(BROADCAST, 'frameBytes'),
  };
}

/** Of the machine that it was measured on, which may be another than this. */
function coresOf({ run, scenario }: CaseResult): number {
  const [, cpu = ''] = run.machine.find(([what]) => what === 'CPU') ?? [];
  const cores = Number(/(\d+) cores$/.exec(cpu)?.[1]);
  if (!(cores > 0)) throw missing(scenario.name);
  return cores;
}

function figureOf(results: readonly CaseResult[], source: Source, key: string): number {
  const spread = spreadOf(caseOf(results, source).rounds.get(source.peer) ?? [], key);
  if (spread === null) throw missing(source.scenario);
  return spread.median;
}

function caseOf(results: readonly CaseResult[], { scenario, inFlight, peer }: Source): CaseResult {
  const found = results.find(
    (result) =>
      result.scenario.name === scenario &&
      (inFlight === undefined || result.settings.inFlight === inFlight) &&
      result.rounds.has(peer),
  );
  if (found === undefined) throw missing(scenario);
  return found;
}

function missing(scenario: string): Error {
  return new Error(`The figures of ${scenario} are not there. Run "npm run bench -- ${scenario}" first.`);
}
