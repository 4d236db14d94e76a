import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { Histogram } from '../generator/histogram.ts';
import { Ledger } from '../generator/ledger.ts';
import { endsOf } from '../generator/load.ts';
import { Pace } from '../generator/pace.ts';
import { type Open, Publishers } from '../generator/publishers.ts';
import { numbered } from '../generator/sequence.ts';
import { Subscribers } from '../generator/subscribers.ts';
import { residentKb } from '../processes/usage.ts';
import type { Ground, Metric, Scenario } from './scenario.ts';

const READERS = 1_800;
const SLOW = 200;
const BROADCASTS_PER_SECOND = 10;
const LARGE_PER_SECOND = 80;
/** Of what the slow ones get besides, so that no buffer of the kernel hides that they do not read. */
const LARGE = 15_000;
/** A publish names so many at most. */
const NAMED = 100;
const WARMUP_MS = 3_000;
const READING_MS = 8_000;
/** Long enough to fill what the kernel takes for a connection, some 4 MB, and then what the server does. */
const NOT_READING_MS = 16_000;
const LOOK_MS = 200;
const PATIENCE_MS = 10_000;
/** Time for those that did not read to see that they were closed. */
const SEEN_MS = 3_000;

const metric = (key: string, label: string, better: Metric['better'], digits = 2): Metric => ({
  key,
  label,
  digits,
  better,
});

export const slowReaders: Scenario = {
  name: 'slow-readers',
  about: () =>
    `${(READERS + SLOW).toLocaleString('en')} people have a stream open. By the clock, ${BROADCASTS_PER_SECOND} messages a second go to all, and ${LARGE_PER_SECOND} of ${LARGE / 1_000} kB to half of ${SLOW} of them in turn. For ${READING_MS / 1_000} s all read; then those ${SLOW} stop reading, and it goes on for ${NOT_READING_MS / 1_000} s. The times are of the other ${READERS.toLocaleString('en')}.`,
  inFlight: [0],
  peers: ['Belfry'],
  metrics: [
    metric('p99Without', 'all read: sent to received, p99, ms', 'lower'),
    metric('p99With', '10 % do not read: sent to received by the others, p99, ms', 'lower'),
    metric('ratio', 'p99 with ÷ without', 'lower'),
    metric('p50Without', 'all read: p50, ms', 'lower'),
    metric('p50With', '10 % do not read: p50, ms', 'lower'),
    metric('cutOff', 'of the slow, closed by the server', null, 0),
    metric('residentBefore', 'server resident, all read, MB', null, 0),
    metric('residentMost', 'the most while 10 % do not read, MB', 'lower', 0),
    metric('residentAdded', 'that is more for each of the slow, kB', 'lower', 0),
    metric('verified', 'deliveries verified', null, 0),
    metric('missing', 'missing', null, 0),
    metric('doubled', 'doubled or astray', null, 0),
  ],
  goals: [
    // Two parts of the same differ by so much here.
    { peer: 'Belfry', key: 'p99With', is: 'at most', target: { share: 1.25, of: 'Belfry', key: 'p99Without' } },
    // What the hub lets wait for one connection, and as much again for the buffers of the process.
    { peer: 'Belfry', key: 'residentAdded', is: 'at most', target: 2_048 },
  ],
  async run(ground) {
    const ledger = new Ledger(READERS);
    const [server] = endsOf(ground);
    const readers = new Subscribers(ground.wire, server, (to, seq, now) => ledger.receive(to, seq, now));
    const others = { ...ground.wire, stream: (user: number) => ground.wire.stream(READERS + user) };
    const slow = new Subscribers(others, server, () => {});
    const broadcast = (open: Open) =>
      ground.wire.publish({ to: 'all', title: numbered(open('all'), 'Ada commented on your story') });
    const toAll = new Publishers(server, ledger, broadcast, new Pace(BROADCASTS_PER_SECOND));
    const toSlow = new Publishers(server, ledger, large(ground), new Pace(LARGE_PER_SECOND));
    const all = { ledger, readers, slow, publishers: [toAll, toSlow] };
    try {
      const failed = [readers, slow, toAll, toSlow].map((one) => one.failed);
      return await Promise.race([measure(ground, all), ...failed]);
    } finally {
      for (const one of [toAll, toSlow, readers, slow]) one.close();
    }
  },
};

function large({ wire }: Ground): () => string {
  let half = 0;
  return () => {
    half = (half + 1) % 2;
    const users = Array.from({ length: NAMED }, (_, index) => READERS + half * NAMED + index);
    return wire.publish({ to: { users }, title: numbered(0, 'A large one'), padding: LARGE });
  };
}

interface All {
  ledger: Ledger;
  readers: Subscribers;
  slow: Subscribers;
  publishers: Publishers[];
}

async function measure({ phase, ...ground }: Ground, { ledger, readers, slow, publishers }: All): Promise<Figures> {
  const [{ pid }] = endsOf({ ...ground, phase });
  await readers.open(READERS);
  await slow.open(SLOW);
  let cutOff = 0;
  slow.ended = () => {
    cutOff += 1;
  };
  for (const one of publishers) await one.open(8);
  for (const one of publishers) one.start();
  await sleep(WARMUP_MS);
  const without = await part(ledger, pid, READING_MS);
  slow.pause();
  await phase('measuring');
  const withSlow = await part(ledger, pid, NOT_READING_MS);
  await phase('measured');
  slow.resume();
  for (const one of publishers) await one.stop(PATIENCE_MS);
  await sleep(SEEN_MS);
  const { deliveries: verified, doubled, strays } = ledger.tally;
  const [before, most] = [without.residentKb, withSlow.residentKb];
  return {
    ...{ p99Without: without.p99, p99With: withSlow.p99, ratio: withSlow.p99 / without.p99 },
    ...{ p50Without: without.p50, p50With: withSlow.p50, cutOff },
    ...{ residentBefore: before / 1_024, residentMost: most / 1_024, residentAdded: (most - before) / SLOW },
    ...{ verified, missing: ledger.missing, doubled: doubled + strays },
  };
}

/** What the readers got, and the most that was resident meanwhile. */
async function part(
  ledger: Ledger,
  pid: number,
  ms: number,
): Promise<{ p50: number; p99: number; residentKb: number }> {
  ledger.times = new Histogram();
  let most = 0;
  for (const begun = performance.now(); performance.now() - begun < ms; await sleep(LOOK_MS)) {
    most = Math.max(most, residentKb(pid));
  }
  return { p50: ledger.times.quantile(0.5) / 1_000, p99: ledger.times.quantile(0.99) / 1_000, residentKb: most };
}
