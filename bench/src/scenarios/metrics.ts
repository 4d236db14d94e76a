import type { Metric } from './scenario.ts';

/** What every scenario under load reports. */
export const LOAD_METRICS: readonly Metric[] = [
  { key: 'deliveriesPerSecond', label: 'deliveries/s', digits: 0, better: 'higher' },
  { key: 'messagesPerSecond', label: 'messages/s', digits: 0, better: 'higher' },
  { key: 'cpuPerDelivery', label: 'server CPU a delivery, µs', digits: 2, better: 'lower' },
  { key: 'cpuPerMessage', label: 'server CPU a message, µs', digits: 0, better: 'lower' },
  { key: 'p50', label: 'sent to received, p50, ms', digits: 2, better: 'lower' },
  { key: 'p99', label: 'sent to received, p99, ms', digits: 2, better: 'lower' },
  { key: 'answerP50', label: 'sent to answered, p50, ms', digits: 2, better: 'lower' },
  { key: 'frameBytes', label: 'bytes a delivery', digits: 0, better: null },
  { key: 'framesPerRead', label: 'deliveries a read of a socket', digits: 1, better: null },
  { key: 'serverBusy', label: 'server busy, % of its core', digits: 0, better: null },
  { key: 'generatorBusy', label: 'generator busy, % of its core', digits: 0, better: null },
  { key: 'residentMb', label: 'server resident, MB', digits: 0, better: null },
  { key: 'verified', label: 'deliveries verified', digits: 0, better: null },
  { key: 'missing', label: 'missing', digits: 0, better: null },
  { key: 'doubled', label: 'doubled or astray', digits: 0, better: null },
];

/** What scenarios report that are about storing: most of what they store goes to nobody who is connected. */
export const STORE_METRICS: readonly Metric[] = [
  { key: 'storedPerSecond', label: 'notifications stored/s', digits: 0, better: 'higher' },
  { key: 'requestsPerSecond', label: 'batches/s', digits: 1, better: 'higher' },
  { key: 'cpuPerStored', label: 'server CPU a notification, µs', digits: 1, better: 'lower' },
  { key: 'answerP99', label: 'sent to answered, p99, ms', digits: 2, better: 'lower' },
  ...loadMetrics(
    'answerP50',
    'p50',
    'p99',
    'serverBusy',
    'generatorBusy',
    'residentMb',
    'verified',
    'missing',
    'doubled',
  ),
];

/** Shown where services run beside the server. */
export const MACHINE_BUSY: Metric = {
  key: 'machineBusy',
  label: 'all cores busy, services included, %',
  digits: 0,
  better: null,
};

/** What goals allow for storing. Measured beside the servers, in a database of its own, just before each round. */
export const COMMIT_METRICS: readonly Metric[] = [
  { key: 'commitP50', label: 'one commit, p50, ms', digits: 2, better: null },
  { key: 'commitP99', label: 'one commit, p99, ms', digits: 2, better: null },
];

/** Some of the load's metrics, in their order. */
export function loadMetrics(...keys: string[]): Metric[] {
  return LOAD_METRICS.filter(({ key }) => keys.includes(key));
}
