import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { endsOf } from '../generator/load.ts';
import { placeIn, type StreamPlace } from '../generator/stream-place.ts';
import { Subscribers } from '../generator/subscribers.ts';
import { cpuMs } from '../processes/usage.ts';
import type { Goal } from './goal.ts';
import type { Ground, Metric, Scenario } from './scenario.ts';

/**
 * Streams of others, opened before any counts, and that come back where they can: code that is new to V8 is compiled by
 * then. What serves many together is called once for 32 of them, and is compiled after some hundreds of calls.
 */
const FIRST = 10_000;
/** So many of them are told something: nobody whose inbox is looked at later. */
const FIRST_TOLD = 20;
/** What a server does about streams that have gone is not to be counted with those that come. */
const SETTLE_MS = 1_500;

const metric = (key: string, label: string, better: Metric['better'], digits = 0): Metric => ({
  key,
  label,
  digits,
  better,
});

export const connects: Scenario = {
  name: 'connects',
  about: (settings) =>
    `${streams(settings).toLocaleString('en')} people connect, 64 at a time, as fast as the server lets them. Each gets what it begins with (from Belfry a \`state\`, here of an empty inbox). Then all are cut (TCP reset), one message is published to all, and they come back with the cursors that they had. Queries are statements that the server runs in its database, those of its own chores included, without \`begin\` and \`commit\`. ${FIRST.toLocaleString('en')} streams of others are opened, cut and come back before.`,
  inFlight: [0],
  limitMs: 300_000,
  looks: 'queries',
  peers: ['Belfry', 'Belfry-Postgres', 'nchan', 'better-sse', 'socket.io'],
  metrics: [
    metric('connectsPerSecond', 'connects/s', 'higher'),
    metric('cpuPerConnect', 'server CPU a connect, µs', 'lower'),
    metric('queriesPerConnect', 'queries a connect', 'lower', 2),
    metric('resumesPerSecond', 'resumes/s', 'higher'),
    metric('cpuPerResume', 'server CPU a resume, µs', 'lower'),
    metric('queriesPerResume', 'queries a resume', 'lower', 4),
    metric('resumed', 'of them resumed with what they missed, %', null),
    metric('missing', 'missing', null),
    metric('generatorBusy', 'generator busy, % of its core', null),
  ],
  goals: [...goals('Belfry'), ...goals('Belfry-Postgres')],
  plots: [
    { kind: 'bars', key: 'connectsPerSecond' },
    { kind: 'bars', key: 'resumesPerSecond' },
  ],
  async run(ground) {
    await warmUp(ground);
    const count = streams(ground.settings);
    const places: StreamPlace[] = [];
    const fresh = await connectAll(ground, count, (user, opening) => {
      places[user] = placeIn(opening);
    });
    const connecting = figuresOf(fresh, ['connectsPerSecond', 'cpuPerConnect', 'queriesPerConnect'], count);
    if (!canComeBack(ground, places)) return connecting;
    await publish(ground, ['all']);
    let resumed = 0;
    const back = await connectAll(
      ground,
      count,
      (_, opening) => {
        if (opening.includes('"resumed":true') && opening.includes('seq=')) resumed += 1;
      },
      { places },
    );
    const names = ['resumesPerSecond', 'cpuPerResume', 'queriesPerResume'];
    return {
      ...connecting,
      ...figuresOf(back, names, count),
      resumed: (100 * resumed) / count,
      missing: count - resumed,
    };
  },
};

function goals(peer: string): Goal[] {
  return [
    { peer, key: 'connectsPerSecond', is: 'at least', target: 2_000 },
    { peer, key: 'queriesPerConnect', is: 'at most', target: 4 },
    { peer, key: 'resumesPerSecond', is: 'at least', target: 5_000 },
    { peer, key: 'queriesPerResume', is: 'at most', target: 0.01 },
  ];
}

/** Two thirds of those of the idle scenario: half a minute is enough for all parts. */
function streams({ connections }: Ground['settings']): number {
  return Math.round((connections * 2) / 3);
}

/** Peers without cursors have nothing to come back to. */
function canComeBack({ wire }: Ground, [first]: readonly StreamPlace[]): boolean {
  return first?.cursor !== '' && wire.client !== undefined;
}

async function warmUp(ground: Ground): Promise<void> {
  const quietly = { ...ground, phase: async () => {} };
  const firstUser = streams(ground.settings);
  const places: StreamPlace[] = [];
  const keep = (index: number, opening: string) => {
    places[index] = placeIn(opening);
  };
  await connectAll(quietly, FIRST, keep, { firstUser });
  if (!canComeBack(ground, places)) return;
  // The first request that is no stream, and the first stream that missed something, throw away half of what is compiled.
  const told = Array.from({ length: FIRST_TOLD }, (_, index) => firstUser + index);
  await publish(ground, told);
  await connectAll(quietly, FIRST, () => {}, { firstUser, places });
}

interface Spent {
  seconds: number;
  cpuMs: number;
  generatorMs: number;
  queries: number;
}

/** Opens them, cuts them, and says what the opening took. */
async function connectAll(
  { wire, phase, ask, ...ground }: Ground,
  count: number,
  opened: (index: number, opening: string) => void,
  { firstUser = 0, places = [] }: { firstUser?: number; places?: readonly StreamPlace[] } = {},
): Promise<Spent> {
  const [{ pid, ...address }] = endsOf({ ...ground, wire, phase, ask });
  const requests = Array.from({ length: count }, (_, index) => wire.stream(firstUser + index, places[index]));
  const prepared = { ...wire, stream: (index: number) => requests[index] as string };
  const streams = new Subscribers(prepared, address, () => {});
  streams.opened = opened;
  try {
    await phase('measuring');
    const before = { queries: await ask('queries'), cpu: cpuMs(pid), own: process.cpuUsage(), at: performance.now() };
    await streams.open(count);
    const seconds = (performance.now() - before.at) / 1_000;
    const own = process.cpuUsage(before.own);
    const spent = { seconds, cpuMs: cpuMs(pid) - before.cpu, generatorMs: (own.user + own.system) / 1_000 };
    const queries = (await ask('queries')) - before.queries;
    await phase('measured');
    return { ...spent, queries };
  } finally {
    streams.cut();
    await sleep(SETTLE_MS);
  }
}

function figuresOf({ seconds, cpuMs: cpu, generatorMs, queries }: Spent, names: string[], count: number): Figures {
  const [rate = '', cpuEach = '', queriesEach = ''] = names;
  const each = { [rate]: count / seconds, [cpuEach]: (cpu * 1_000) / count, [queriesEach]: queries / count };
  return { ...each, generatorBusy: generatorMs / seconds / 10 };
}

async function publish({ wire, ...ground }: Ground, recipients: readonly ('all' | number)[]): Promise<void> {
  const client = await wire.client?.(endsOf({ ...ground, wire })[0]);
  const title = 'seq=0000000001 Ada commented on your story';
  await Promise.all(recipients.map((to) => client?.publish({ to, title })));
  await client?.close();
}
