import { measureLoad } from '../generator/load.ts';
import type { Compose, Open } from '../generator/publishers.ts';
import { numbered } from '../generator/sequence.ts';
import type { Item, Wire } from '../peers/peer.ts';
import { LOAD_METRICS } from './metrics.ts';
import type { Figures, Metric, Scenario, Settings } from './scenario.ts';

/** Of the people written to, one in so many has a stream open; what comes there is verified like all else. */
const ONE_CONNECTED_IN = 100;

const OWN_METRICS: readonly Metric[] = [
  { key: 'storedPerSecond', label: 'notifications stored/s', digits: 0, better: 'higher' },
  { key: 'requestsPerSecond', label: 'batches/s', digits: 1, better: 'higher' },
  { key: 'cpuPerStored', label: 'server CPU a notification, µs', digits: 1, better: 'lower' },
  { key: 'answerP99', label: 'sent to answered, p99, ms', digits: 2, better: 'lower' },
];
const SHARED = [
  'answerP50',
  'p50',
  'p99',
  'serverBusy',
  'generatorBusy',
  'residentMb',
  'verified',
  'missing',
  'doubled',
];

export const batch: Scenario = {
  name: 'batch',
  about: ({ batchSize, inFlight, subscribers }) =>
    `Requests of ${batchSize.toLocaleString('en')} notifications to ${people(subscribers).toLocaleString('en')} people in turn, of whom one in ${ONE_CONNECTED_IN} has a stream open. ${inFlight} requests in flight.`,
  inFlight: [2],
  fits: ({ wire }) => wire.publishBatch !== undefined,
  metrics: [...OWN_METRICS, ...LOAD_METRICS.filter(({ key }) => SHARED.includes(key))],
  async run(ground) {
    const { settings, wire } = ground;
    const figures = await measureLoad(ground, settings.subscribers / 10, composeBatches(wire, settings));
    return { ...figures, ...perNotification(figures, settings.batchSize) };
  },
};

function people(subscribers: number): number {
  return (subscribers / 10) * ONE_CONNECTED_IN;
}

function composeBatches(wire: Wire, { subscribers, batchSize }: Settings): Compose {
  const everyone = people(subscribers);
  const connected = subscribers / 10;
  let to = 0;
  const item = (open: Open): Item => {
    to = (to + 1) % everyone;
    // The connected are spread evenly, and have the first numbers.
    const isConnected = to % ONE_CONNECTED_IN === 0;
    const user = isConnected ? to / ONE_CONNECTED_IN : connected + to;
    return { to: user, title: numbered(isConnected ? open(user) : 0, 'Ada commented on your story') };
  };
  return (open) => wire.publishBatch?.(Array.from({ length: batchSize }, () => item(open))) ?? '';
}

function perNotification({ requestsPerSecond = 0, cpuPerRequest = 0 }: Figures, batchSize: number): Figures {
  return { storedPerSecond: requestsPerSecond * batchSize, cpuPerStored: cpuPerRequest / batchSize };
}
