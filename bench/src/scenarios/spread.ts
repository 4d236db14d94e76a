import type { Figures, Settings } from '../figures.ts';
import type { Compose, Open } from '../generator/publishers.ts';
import { numbered } from '../generator/sequence.ts';
import type { Item, Wire } from '../peers/peer.ts';

/** Of the people written to, one in so many has a stream open; what comes there is verified like all else. */
export const ONE_CONNECTED_IN = 100;

export function connected({ subscribers }: Settings): number {
  return Math.ceil(subscribers / 10);
}

/** How many people are written to. */
export function people(settings: Settings): number {
  return connected(settings) * ONE_CONNECTED_IN;
}

/** One message to each of the people in turn. */
export function composeSpread(wire: Wire, settings: Settings): Compose {
  const next = nextItem(settings);
  return (open) => wire.publish(next(open));
}

/** A batch to as many of the people as it has room for, in turn. */
export function composeBatches(wire: Wire, settings: Settings): Compose {
  const next = nextItem(settings);
  return (open) => wire.publishBatch?.(Array.from({ length: settings.batchSize }, () => next(open))) ?? '';
}

/** A request stores so many. */
export function perNotification({ requestsPerSecond = 0, cpuPerRequest = 0 }: Figures, stored: number): Figures {
  return { storedPerSecond: requestsPerSecond * stored, cpuPerStored: cpuPerRequest / stored };
}

function nextItem(settings: Settings): (open: Open) => Item {
  const everyone = people(settings);
  let to = 0;
  return (open) => {
    to = (to + 1) % everyone;
    // The connected are spread evenly, and have the first numbers.
    const isConnected = to % ONE_CONNECTED_IN === 0;
    const user = isConnected ? to / ONE_CONNECTED_IN : connected(settings) + to;
    return { to: user, title: numbered(isConnected ? open(user) : 0, 'Ada commented on your story') };
  };
}
