import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';
import { post } from './post.ts';
import type { Reading } from './reading.ts';
import type { Target } from './target.ts';

/** Milliseconds from the start of the call to the event in the reader's hand. */
export interface Latency {
  p50: number;
  p99: number;
  count: number;
}

/** Publishes something small every few milliseconds until the signal, and answers when each was sent. */
export async function ping(
  target: Target,
  ledger: Ledger,
  { to, name }: { to: string; name: string },
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const sentAt = new Map<string, number>();
  for (let count = 0; !signal.aborted; count += 1) {
    const marker = `${name} ${count}`;
    const publish = {
      path: '/v1/events',
      body: { to, type: 'torture.ping', data: { marker } },
      markers: [marker],
      key: null,
    };
    sentAt.set(`torture.ping ${marker}`, performance.now());
    ledger.add({ writer: -3, markers: [marker], ...(await post(target, publish, null)) });
    await pause(10, signal);
  }
  return sentAt;
}

export function latencyOf(sentAt: ReadonlyMap<string, number>, reading: Reading): Latency {
  const times = reading.spans
    .flatMap(({ seen }) => seen)
    .filter(({ what }) => sentAt.has(what))
    .map(({ what, at }) => at - (sentAt.get(what) as number))
    .sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), count: times.length };
}
