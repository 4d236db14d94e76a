import { publishBulk } from '../bulk.ts';
import { numberOf } from '../check/check-span.ts';
import type { Fault } from '../check/fault.ts';
import { judge } from '../check/verdict.ts';
import { type Latency, latencyOf, ping } from '../latency.ts';
import { Ledger } from '../ledger.ts';
import { until } from '../pause.ts';
import type { Random } from '../random.ts';
import { GatedFetch } from '../readers/gated-fetch.ts';
import { RawReader } from '../readers/raw-reader.ts';
import type { Memory } from '../server/order.ts';
import type { Target } from '../target.ts';
import { memberViewer } from '../viewer.ts';
import { Arena } from './arena.ts';

const BULK = 'topic:bulk';
const PING = 'topic:ping';
const SAMPLE_EVERY = 25_000_000;
/** Filled early on, so that what grows after that is held for somebody. */
const RING_BYTES = 16_000_000;

/** What one stretch of publishing did to the server and to the readers who keep up. */
export interface Stretch {
  /** Settled, at every 25 MB. */
  memory: Memory[];
  latency: Latency;
}

export interface SlowReaderResult {
  /** The same publishing without anyone who stalls. */
  without: Stretch;
  stalled: Stretch;
  /** Bytes of the events that the stalled reader missed, as they are stored. */
  missedBytes: number;
  /** Whether the stalled reader's stream was ended while it stalled. */
  sentAway: boolean;
  /** How often it came back and could go on where it had stopped. */
  resumes: number;
  faults: Fault[];
}

/** One reader stops reading while `bytes` are published to its channel; then it reads on, and resumes. */
export async function slowReader(random: Random, before: number, bytes: number): Promise<SlowReaderResult> {
  const arena = await Arena.open({ heartbeatMs: 500, ringBytes: RING_BYTES });
  try {
    const { target } = arena;
    const gate = new GatedFetch();
    const slow = reader('slow', target, BULK, random, gate.fetch);
    const fast = reader('fast', target, BULK, random);
    const pinged = reader('pinged', target, PING, random);
    const ledger = new Ledger();
    const stretch = (name: string, size: number) => publishStretch(arena, ledger, pinged, name, size);

    fast.start();
    pinged.start();
    const without = await stretch('without', before);
    slow.start();
    await until(() => slow.reading.spans.length > 0, 10_000);
    gate.stall();
    const stalled = await stretch('stalled', bytes);
    const open = without.memory.at(-1)?.streams;
    // Three heartbeats without a byte taken, and then 5 s for its last frame: a fast machine has published all before.
    const sentAway = await until(async () => (await arena.server.memory()).streams === open, 30_000);
    gate.release();
    const end = numberOf(ledger.sent.findLast(({ cursors }) => cursors.length > 1)?.cursors.at(-1) ?? '');
    await until(() => [slow, fast].every(({ reading }) => numberOf(reading.position ?? '') >= end), 60_000);
    await Promise.all([slow, fast, pinged].map((one) => one.stop()));

    const log = await arena.log();
    const { faults } = judge(
      log,
      ledger,
      [slow, fast, pinged].map(({ reading }) => reading),
    );
    const missed = log.filter(({ marker }) => marker?.startsWith('stalled ') === true);
    const missedBytes = missed.reduce((sum, event) => sum + event.bytes, 0);
    return { without, stalled, missedBytes, sentAway, resumes: slow.reading.resumes, faults };
  } finally {
    await arena.close();
  }
}

function reader(user: string, target: Target, channel: string, random: Random, fetcher?: typeof fetch): RawReader {
  const viewer = memberViewer(user, target, { user, roles: [], channels: [channel] });
  return new RawReader(target.url, viewer, random.fork(user), fetcher);
}

async function publishStretch(
  { target, server }: Arena,
  ledger: Ledger,
  pinged: RawReader,
  name: string,
  bytes: number,
): Promise<Stretch> {
  const over = new AbortController();
  const pinging = ping(target, ledger, { to: PING, name: `${name} ping` }, over.signal);
  const memory: Memory[] = [];
  await publishBulk(target, ledger, { to: BULK, bytes, name }, async (sofar) => {
    if (sofar >= (memory.length + 1) * SAMPLE_EVERY) memory.push(await server.memory());
  });
  over.abort();
  return { memory, latency: latencyOf(await pinging, pinged.reading) };
}
