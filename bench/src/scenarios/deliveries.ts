import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { Histogram } from '../generator/histogram.ts';
import { askAll, Line, Regular } from '../generator/line.ts';
import { endsOf } from '../generator/load.ts';
import type { AudienceWire } from '../peers/peer.ts';
import type { Goal } from './goal.ts';
import type { Ground, Metric, Scenario, ServerAt } from './scenario.ts';

const CONNECTIONS = 64;
const ASKED = 20;
/** Beside the counting: how often one publishes and one opens a poll with its state. */
const EVERY_MS = 20;
const QUIET_MS = 3_000;
/** Who came is written down twice a second. */
const WRITTEN_MS = 1_500;

const ms = (key: string, label: string): Metric => ({ key, label: `${label}, ms`, digits: 1, better: 'lower' });

export const deliveries: Scenario = {
  name: 'deliveries',
  about: ({ people }) =>
    `${people.toLocaleString('en')} people, each with a token of their own, connect once and get a notification to a topic that all of them hold and to all. Of ten, one then acknowledges it, one marks all as read and one comes back for it. A service asks ${ASKED} times what became of it. Then once more, again and again, while every ${EVERY_MS} ms one publishes and one connects.`,
  inFlight: [0],
  mostRounds: 1,
  limitMs: 600_000,
  peers: ['Belfry', 'Belfry-Postgres'],
  metrics: [
    ms('p50', 'counts, p50'),
    ms('longest', 'counts, longest'),
    ms('publishQuiet', 'publish, p99, without counts'),
    ms('publishBusy', 'publish, p99, while counts are asked for'),
    ms('stateQuiet', 'state, p99, without counts'),
    ms('stateBusy', 'state, p99, while counts are asked for'),
    { key: 'people', label: 'recipients counted', digits: 0, better: null },
  ],
  goals: ['Belfry', 'Belfry-Postgres'].map((peer): Goal => ({ peer, key: 'longest', is: 'at most', target: 1_000 })),
  async run(ground) {
    const { audience } = ground.wire;
    if (audience === undefined) throw new Error('Nobody keeps there what became of a message.');
    const [server] = endsOf(ground);
    const service = new Line(server);
    try {
      const id = await fill(ground, audience, server, service);
      return await measure(ground, audience, server, () => count(service, audience, id));
    } finally {
      service.close();
    }
  },
};

/** Everything by the API, as it would come about. Gives the notification's id. */
async function fill(
  { settings: { people } }: Ground,
  audience: AudienceWire,
  server: ServerAt,
  service: Line,
): Promise<string> {
  const each = (of: readonly number[], request: (user: number) => string) =>
    askAll(server, CONNECTIONS, requests(people, of, request));
  await each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], audience.visit);
  await sleep(WRITTEN_MS);
  const { beginning } = await service.ask(audience.announce('The town hall is open'));
  const cursor = found(/"cursor":"([^"]+)"/, beginning);
  await each([0], (user) => audience.acknowledge(user, cursor));
  await each([1], audience.readAll);
  await each([2], audience.visit);
  await sleep(WRITTEN_MS);
  return found(/"id":"([^"]+)"/, beginning);
}

/** Of each ten people, some. */
function* requests(people: number, of: readonly number[], request: (user: number) => string): Generator<string> {
  for (let user = 0; user < people; user += 1) if (of.includes(user % 10)) yield request(user);
}

async function measure(
  { settings: { people }, phase }: Ground,
  audience: AudienceWire,
  server: ServerAt,
  count: () => Promise<{ counted: number; ms: number }>,
): Promise<Figures> {
  await count();
  await phase('measuring');
  const times = new Histogram();
  for (let asked = 0; asked < ASKED; asked += 1) {
    const { counted, ms } = await count();
    if (counted !== people) throw new Error(`${counted} of ${people} recipients were counted.`);
    times.record(ms * 1_000);
  }
  await phase('measured');
  const quiet = await beside(audience, server, () => sleep(QUIET_MS));
  const busy = await beside(audience, server, async () => {
    for (const until = performance.now() + QUIET_MS; performance.now() < until; ) await count();
  });
  return {
    ...{ p50: times.quantile(0.5) / 1_000, longest: times.max / 1_000, people },
    ...{ publishQuiet: p99(quiet.publish), publishBusy: p99(busy.publish) },
    ...{ stateQuiet: p99(quiet.state), stateBusy: p99(busy.state) },
  };
}

/** How long others wait meanwhile. */
async function beside(audience: AudienceWire, server: ServerAt, work: () => Promise<unknown>) {
  let user = 0;
  const publishing = new Regular(server, EVERY_MS, () => audience.announce('Another'));
  const connecting = new Regular(server, EVERY_MS, () => audience.state(user++));
  await work();
  return { publish: await publishing.stop(), state: await connecting.stop() };
}

async function count(service: Line, audience: AudienceWire, id: string): Promise<{ counted: number; ms: number }> {
  const sentAt = performance.now();
  const { beginning } = await service.ask(audience.deliveries(id));
  return { counted: Number(found(/"stored":(\d+)/, beginning)), ms: performance.now() - sentAt };
}

function found(pattern: RegExp, answer: string): string {
  const [, value] = pattern.exec(answer) ?? [];
  if (value === undefined) throw new Error(`There is no ${pattern.source} in: ${answer}`);
  return value;
}

function p99(times: Histogram): number {
  return times.quantile(0.99) / 1_000;
}
