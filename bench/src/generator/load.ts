import { setTimeout as sleep } from 'node:timers/promises';
import { residentKb } from '../processes/usage.ts';
import type { Figures, Ground } from '../scenarios/scenario.ts';
import { Histogram } from './histogram.ts';
import { Ledger } from './ledger.ts';
import { type Compose, Publishers } from './publishers.ts';
import { between, type Snapshot, snapshot } from './snapshot.ts';
import { Subscribers } from './subscribers.ts';

/** What is in flight at the end may take this long before it counts as missing. */
const PATIENCE_MS = 10_000;

/** Opens the streams, publishes by `compose` with so many in flight, and measures after the warm-up. */
export async function measureLoad(ground: Ground, streams: number, compose: Compose): Promise<Figures> {
  const ledger = new Ledger(streams);
  const subscribers = new Subscribers(ground.wire, ground.address, (to, seq, now) => ledger.receive(to, seq, now));
  const publishers = new Publishers(ground.address, ledger, compose);
  try {
    await subscribers.open(streams);
    await publishers.open(ground.settings.inFlight);
    const failure = Promise.race([subscribers.failed, publishers.failed]);
    return await Promise.race([measure(ground, ledger, subscribers, publishers), failure]);
  } finally {
    publishers.close();
    subscribers.close();
  }
}

async function measure(
  { settings, serverPid, phase }: Ground,
  ledger: Ledger,
  subscribers: Subscribers,
  publishers: Publishers,
): Promise<Figures> {
  const look = () => snapshot(serverPid, ledger, subscribers, publishers);
  publishers.start();
  await sleep(settings.warmup * 1_000);
  await phase('measuring');
  ledger.times = new Histogram();
  publishers.answerTimes = new Histogram();
  const before = look();
  await sleep(settings.seconds * 1_000);
  const spent = between(before, look());
  const times = timesOf(ledger.times, publishers.answerTimes);
  const residentMb = residentKb(serverPid) / 1_024;
  await phase('measured');
  await publishers.stop(PATIENCE_MS);
  const { deliveries: verified, doubled, strays } = ledger.tally;
  return { ...rates(spent), ...times, residentMb, verified, missing: ledger.missing, doubled: doubled + strays };
}

function rates(spent: Snapshot): Figures {
  const { at: seconds, deliveries, messages, requests, bytes, reads, serverCpuMs, generatorCpuMs } = spent;
  return {
    seconds,
    deliveriesPerSecond: deliveries / seconds,
    messagesPerSecond: messages / seconds,
    requestsPerSecond: requests / seconds,
    cpuPerDelivery: (serverCpuMs * 1_000) / deliveries,
    cpuPerMessage: (serverCpuMs * 1_000) / messages,
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
