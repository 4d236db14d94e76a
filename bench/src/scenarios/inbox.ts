import type { Figures } from '../figures.ts';
import { Asker } from '../generator/asker.ts';
import { fill } from '../generator/filler.ts';
import type { Histogram } from '../generator/histogram.ts';
import { endsOf } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { keyAt, orderIn, SIZES } from './growth-sizes.ts';
import type { Ground, Metric, Scenario } from './scenario.ts';

/** The person's own channel, `all`, and so many topics: 50 channels. */
const TOPICS = Array.from({ length: 48 }, (_, index) => `project-${index}`);
/** A hundred batches of the usual size are 100,000. */
const BATCHES = 100;
const PERSON = 1;
const ASKED = 300;
/** Before each, times of the warm-up that was asked for: what a table that was just filled leaves to be done is done by then. */
const WARMUPS = 8;

const PEERS = ['Belfry', 'Belfry-Postgres'];

export const inbox: Scenario = {
  name: 'inbox',
  about: (settings) =>
    `A person has ${own(settings).toLocaleString('en')} notifications in 50 channels and asks for the first page of the inbox (50 items, with counts) and for the counts alone, ${ASKED} times each, one request after the other, none of it marked, after ${(settings.warmup * WARMUPS).toFixed(1)} s of the same. The tables are then filled up by SQL with copies that belong to other tenants, to ${SIZES.slice(1).join(' and ')} times as many rows (Postgres vacuums, analyzes and writes them out before, which it does within a minute anyway), and the same is asked again.`,
  inFlight: [0],
  limitMs: 400_000,
  peers: PEERS,
  metrics: SIZES.flatMap((size) => [
    time('page', 'p50', size),
    time('page', 'p99', size),
    time('counts', 'p50', size),
    time('counts', 'p99', size),
  ]).concat([
    { key: 'pagep50Order', label: 'page: order in rows', digits: 2, better: 'lower' },
    { key: 'countsp50Order', label: 'counts: order in rows', digits: 2, better: 'lower' },
    { key: 'filledPerSecond', label: 'notifications stored/s while filling', digits: 0, better: null },
  ]),
  goals: [...goals('Belfry', 5), ...goals('Belfry-Postgres', 10)],
  plots: [
    {
      ...{ kind: 'curves', name: 'inbox-by-rows', title: 'Inbox of one person, as the tables grow' },
      ...{ x: 'size of the tables, in times of what the person has', y: 'p50, ms' },
      curves: PEERS.flatMap((peer) =>
        ['page', 'counts'].map((what) => ({
          ...{ peer, label: `${peer}, ${what}` },
          points: SIZES.map((size) => ({ x: size, key: keyOf(what, 'p50', size) })),
        })),
      ),
    },
  ],
  async run(ground) {
    const begun = performance.now();
    await fillOwn(ground);
    const figures: Figures = { filledPerSecond: (own(ground.settings) * 1_000) / (performance.now() - begun) };
    for (const size of SIZES) {
      if (size !== SIZES[0]) await ground.ask('grow');
      await ground.phase('measuring');
      Object.assign(figures, await ask(ground, size));
      await ground.phase('measured');
    }
    return Object.assign(figures, orderIn(figures, 'pagep50'), orderIn(figures, 'countsp50'));
  },
};

function own({ batchSize }: Ground['settings']): number {
  return batchSize * BATCHES;
}

function keyOf(what: string, quantile: string, size: number): string {
  return keyAt(what + quantile, size);
}

function time(what: 'page' | 'counts', quantile: string, size: number): Metric {
  const label = `${what}, ${size} × the rows, ${quantile}, ms`;
  return { key: keyOf(what, quantile, size), label, digits: 2, better: 'lower' };
}

/** Each of these figures at the smallest table, and no slower at the largest: twice is what noise does to a p99. */
function goals(peer: string, most: number) {
  const [least = 1, largest = 1] = [SIZES[0], SIZES.at(-1)];
  return ['page', 'counts'].flatMap((what) => [
    { peer, key: keyOf(what, 'p99', least), is: 'at most' as const, target: most },
    { peer, key: keyOf(what, 'p99', largest), is: 'at most' as const, target: most },
    {
      ...{ peer, key: keyOf(what, 'p50', largest), is: 'at most' as const },
      target: { share: 1.5, of: peer, key: keyOf(what, 'p50', least) },
    },
  ]);
}

/** In all of their channels in turn. */
async function fillOwn(ground: Ground): Promise<void> {
  const [server] = endsOf(ground);
  await fill(server, ground.wire, own(ground.settings), (number) => {
    const topic = TOPICS[number % (TOPICS.length + 1)];
    return { to: topic === undefined ? PERSON : { topic }, title: numbered(0, 'Ada commented on your story') };
  });
}

async function ask(ground: Ground, size: number): Promise<Figures> {
  const { inbox: wire } = ground.wire;
  if (wire === undefined) throw new Error('This peer has no inbox.');
  const asker = await Asker.open(endsOf(ground)[0]);
  try {
    const requests = { page: wire.page(PERSON, TOPICS), counts: wire.count(PERSON, TOPICS) };
    const figures: Figures = {};
    for (const [what, request] of Object.entries(requests)) {
      await asker.keepOn(request, ground.settings.warmup * WARMUPS * 1_000);
      Object.assign(figures, named(what, size, await asker.times(request, ASKED)));
    }
    return figures;
  } finally {
    asker.close();
  }
}

function named(what: string, size: number, times: Histogram): Figures {
  return {
    [keyOf(what, 'p50', size)]: times.quantile(0.5) / 1_000,
    [keyOf(what, 'p99', size)]: times.quantile(0.99) / 1_000,
  };
}
