import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { mostDuring, type Open, openConnections } from '../generator/database-watch.ts';
import { Ledger } from '../generator/ledger.ts';
import { endsOf } from '../generator/load.ts';
import { Publishers } from '../generator/publishers.ts';
import { numbered } from '../generator/sequence.ts';
import { Subscribers } from '../generator/subscribers.ts';
import { loadMetrics } from './metrics.ts';
import type { Ground, Metric, Scenario } from './scenario.ts';

const PUBLISHING_S = 2;
const PUBLISHERS = 64;
const PATIENCE_MS = 10_000;
/** After all have gone. */
const WATCHED_MS = 3_000;

const count = (key: string, label: string): Metric => ({ key, label, digits: 0, better: null });

export const connections: Scenario = {
  name: 'connections',
  about: ({ subscribers }) =>
    `${subscribers.toLocaleString('en')} people connect to one Belfry on Postgres, ${PUBLISHERS} requests at a time publish to them for ${PUBLISHING_S} s, and then all streams are cut at once (TCP reset). Postgres is asked four times a second how many connections are open to the database (pg_stat_activity), through all of it and ${WATCHED_MS / 1_000} s longer.`,
  inFlight: [0],
  mostRounds: 1,
  peers: ['Belfry-Postgres'],
  metrics: [
    count('before', 'database connections, before the first stream'),
    count('opening', 'the most while the streams open'),
    count('open', 'with all streams open'),
    count('openStore', 'of these, the store'),
    count('openBus', 'of these, the bus'),
    count('publishing', 'the most while publishing'),
    count('leaving', 'the most while the streams are cut, and after'),
    count('after', 'in the end'),
    count('most', 'the most at any time'),
    ...loadMetrics('verified', 'missing', 'doubled'),
  ],
  goals: [{ peer: 'Belfry-Postgres', key: 'most', is: 'at most', target: 12 }],
  async run(ground) {
    const { subscribers: count } = ground.settings;
    const [server] = endsOf(ground);
    const ledger = new Ledger(count);
    const streams = new Subscribers(ground.wire, server, (to, seq, now) => ledger.receive(to, seq, now));
    try {
      return await Promise.race([measure(ground, ledger, streams), streams.failed]);
    } finally {
      streams.close();
    }
  },
};

async function measure(ground: Ground, ledger: Ledger, streams: Subscribers): Promise<Figures> {
  const { settings, services, phase } = ground;
  const database = services.postgres ?? '';
  const before = await openConnections(database);
  await phase('measuring');
  const opening = await mostDuring(database, streams.open(settings.subscribers));
  const open = await openConnections(database);
  const publishing = await mostDuring(database, publish(ground, ledger));
  await phase('measured');
  const leaving = await mostDuring(database, cutAll(streams));
  const after = await openConnections(database);
  const most = Math.max(before.total, opening, open.total, publishing, leaving, after.total);
  const { deliveries: verified, doubled, strays } = ledger.tally;
  return {
    ...{ before: before.total, opening, open: open.total, publishing, leaving, after: after.total, most },
    ...{ openStore: of(open, 'belfry'), openBus: of(open, 'belfry-bus') },
    ...{ verified, missing: ledger.missing, doubled: doubled + strays },
  };
}

async function publish(ground: Ground, ledger: Ledger): Promise<void> {
  const { subscribers } = ground.settings;
  let to = 0;
  const publishers = new Publishers(endsOf(ground)[0], ledger, (open) => {
    to = (to + 1) % subscribers;
    return ground.wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
  });
  try {
    await publishers.open(PUBLISHERS);
    publishers.start();
    await Promise.race([sleep(PUBLISHING_S * 1_000), publishers.failed]);
    await publishers.stop(PATIENCE_MS);
  } finally {
    publishers.close();
  }
}

async function cutAll(streams: Subscribers): Promise<void> {
  streams.cut();
  await sleep(WATCHED_MS);
}

function of({ byApplication }: Open, name: string): number {
  return byApplication.get(name) ?? 0;
}
