import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { machineBusy, residentKb } from '../processes/usage.ts';
import type { Ground, ServerAt } from '../scenarios/scenario.ts';
import { Histogram } from './histogram.ts';
import { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import { type Compose, Publishers, type Publishing } from './publishers.ts';
import { between, type Snapshot, snapshot } from './snapshot.ts';
import { Subscribers } from './subscribers.ts';

/** What is in flight at the end may take this long before it counts as missing. */
const PATIENCE_MS = 10_000;

/** What goes before the warm-up, with more in flight than is measured. */
export interface Rush {
  inFlight: number;
  seconds: number;
}

/**
 * Opens the streams at the last server, publishes to the first by `compose` with so many in flight, or at a pace and at
 * most so many, and measures after the warm-up.
 */
export async function measureLoad(
  ground: Ground,
  streams: number,
  compose: Compose,
  pace: Pace | null = null,
  rush: Rush | null = null,
): Promise<Figures> {
  return measurePublishing(ground, streams, (server, ledger) => new Publishers(server, ledger, compose, pace), rush);
}

/** The same, however it is published. */
export async function measurePublishing(
  ground: Ground,
  streams: number,
  publishing: (server: ServerAt, ledger: Ledger) => Publishing,
  rush: Rush | null = null,
): Promise<Figures> {
  const ledger = new Ledger(streams);
  const [first, last] = endsOf(ground);
  const subscribers = new Subscribers(ground.wire, last, (to, seq, now) => ledger.receive(to, seq, now));
  const publishers = publishing(first, ledger);
  try {
    await subscribers.open(streams);
    if (rush !== null) await Promise.race([publishMuch(publishing(first, ledger), rush), subscribers.failed]);
    await publishers.open(ground.settings.inFlight);
    const failure = Promise.race([subscribers.failed, publishers.failed]);
    return await Promise.race([measure(ground, ledger, subscribers, publishers), failure]);
  } finally {
    publishers.close();
    subscribers.close();
  }
}

async function publishMuch(publishers: Publishing, { inFlight, seconds }: Rush): Promise<void> {
  try {
    await publishers.open(inFlight);
    publishers.start();
    await Promise.race([sleep(seconds * 1_000), publishers.failed]);
    await publishers.stop(PATIENCE_MS);
  } finally {
    publishers.close();
  }
}

async function measure(
  { settings, servers, phase }: Ground,
  ledger: Ledger,
  subscribers: Subscribers,
  publishers: Publishing,
): Promise<Figures> {
  const pids = servers.map(({ pid }) => pid);
  const look = () => snapshot(pids, ledger, subscribers, publishers);
  publishers.start();
  await sleep(settings.warmup * 1_000);
  await phase('measuring');
  ledger.times = new Histogram();
  publishers.answerTimes = new Histogram();
  const busy = machineBusy();
  const before = look();
  await sleep(settings.seconds * 1_000);
  const spent = between(before, look());
  const times = timesOf(ledger.times, publishers.answerTimes);
  const machine = { machineBusy: busy(), residentMb: Math.max(...pids.map(residentKb)) / 1_024 };
  await phase('measured');
  await publishers.stop(PATIENCE_MS);
  const { deliveries: verified, doubled, strays } = ledger.tally;
  return { ...rates(spent), ...times, ...machine, verified, missing: ledger.missing, doubled: doubled + strays };
}

/** Where is published, and where the streams are. */
export function endsOf({ servers }: Ground): [first: ServerAt, last: ServerAt] {
  return [servers[0] as ServerAt, servers.at(-1) as ServerAt];
}

function rates(spent: Snapshot): Figures {
  const {
    at: seconds,
    deliveries,
    messages,
    requests,
    late,
    bytes,
    reads,
    serverCpuMs,
    lastServerCpuMs,
    generatorCpuMs,
  } = spent;
  return {
    seconds,
    deliveriesPerSecond: deliveries / seconds,
    messagesPerSecond: messages / seconds,
    requestsPerSecond: requests / seconds,
    late,
    cpuPerDelivery: (serverCpuMs * 1_000) / deliveries,
    cpuPerMessage: (serverCpuMs * 1_000) / messages,
    cpuFollowing: (lastServerCpuMs * 1_000) / messages,
    cpuPerRequest: (serverCpuMs * 1_000) / requests,
    frameBytes: bytes / deliveries,
    framesPerRead: deliveries / reads,
    serverBusy: serverCpuMs / seconds / 10,
    generatorBusy: generatorCpuMs / seconds / 10,
  };
}

function timesOf(received: Histogram, answered: Histogram): Figures {
  return {
    p50: received.quantile(0.5) / 1_000,
    p99: received.quantile(0.99) / 1_000,
    longest: received.max / 1_000,
    answerP50: answered.quantile(0.5) / 1_000,
    answerP99: answered.quantile(0.99) / 1_000,
  };
}
