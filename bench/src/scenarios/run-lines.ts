import { RunLoad } from '../generator/run-load.ts';
import type { Goal } from './goal.ts';
import { loadMetrics, MACHINE_BUSY } from './metrics.ts';
import type { Metric, Scenario } from './scenario.ts';

/** So much longer is each part measured: there are few inbox messages, and their slowest hundredth is asked for. */
const PARTS = 4;
/** Code of a request is compiled while it runs; what the slowest wait for is that. */
const WARMUPS = 4;

const LOAD = {
  followers: 100,
  /** As the Node SDK sends them: what has gathered in 50 ms. */
  batchSize: 500,
  batchesPerSecond: 21,
  people: 100,
  inboxPerSecond: 100,
};

const line = (key: string, label: string, better: Metric['better'], digits = 0): Metric => ({
  key,
  label,
  digits,
  better,
});

export const runLines: Scenario = {
  name: 'run-lines',
  about: ({ seconds, warmup }) =>
    `${LOAD.followers} people follow a run, into which one reporter logs by the clock ${LOAD.batchesPerSecond} times a second ${LOAD.batchSize} lines, one request at a time. Meanwhile ${LOAD.inboxPerSecond} notifications a second of the same tenant go to ${LOAD.people} people in turn, who have their streams open: measured for ${seconds * PARTS} s without lines (quiet) and for as long with them, after ${(warmup * WARMUPS).toFixed(1)} s of both. Each follower is held to every line, once and in order.`,
  inFlight: [0],
  peers: ['Belfry', 'Belfry-Postgres'],
  metrics: [
    line('linesPerSecond', 'lines that every follower got/s', 'higher'),
    line('inboxRatio', 'inbox p99 under lines ÷ quiet', 'lower', 2),
    line('quietP50', 'inbox quiet: sent to received, p50, ms', null, 2),
    line('quietP99', 'inbox quiet: sent to received, p99, ms', null, 2),
    line('p50', 'inbox under lines: sent to received, p50, ms', 'lower', 2),
    line('p99', 'inbox under lines: sent to received, p99, ms', 'lower', 2),
    line('lineP50', 'lines: sent to received, p50, ms', 'lower', 2),
    line('lineP99', 'lines: sent to received, p99, ms', 'lower', 2),
    line('cpuPerLine', `server CPU a line to all, over quiet, µs`, 'lower', 1),
    line('quietBusy', 'server busy when quiet, % of its core', null),
    ...loadMetrics('serverBusy', 'generatorBusy', 'verified', 'missing', 'doubled'),
    MACHINE_BUSY,
  ],
  goals: [...goalsOf('Belfry'), ...goalsOf('Belfry-Postgres')],
  async run(ground) {
    const load = await RunLoad.open(ground, LOAD);
    try {
      const { warmup, seconds } = ground.settings;
      return await load.unlessFailed(load.measure(warmup * WARMUPS, seconds * PARTS));
    } finally {
      await load.close();
    }
  },
};

function goalsOf(peer: string): Goal[] {
  return [
    { peer, key: 'linesPerSecond', is: 'at least', target: 10_000 },
    { peer, key: 'inboxRatio', is: 'at most', target: 2 },
  ];
}
