import { cpuMs } from '../processes/usage.ts';
import type { Ledger } from './ledger.ts';
import type { Publishing } from './publishers.ts';
import type { Subscribers } from './subscribers.ts';

/** All counters at one moment; the difference of two is what happened between them. */
export interface Snapshot {
  /** Seconds. */
  at: number;
  serverCpuMs: number;
  /** Of the server that has the streams, where there are several. */
  lastServerCpuMs: number;
  generatorCpuMs: number;
  deliveries: number;
  messages: number;
  requests: number;
  late: number;
  bytes: number;
  reads: number;
}

export function snapshot(
  pids: readonly number[],
  ledger: Ledger,
  subscribers: Subscribers,
  publishers: Pick<Publishing, 'answered' | 'late'>,
): Snapshot {
  const { user, system } = process.cpuUsage();
  const servers = pids.map(cpuMs);
  return {
    at: performance.now() / 1_000,
    serverCpuMs: servers.reduce((sum, ms) => sum + ms, 0),
    lastServerCpuMs: servers.at(-1) ?? 0,
    generatorCpuMs: (user + system) / 1_000,
    deliveries: ledger.tally.deliveries,
    messages: ledger.tally.completed,
    requests: publishers.answered,
    late: publishers.late,
    bytes: subscribers.bytes,
    reads: subscribers.reads,
  };
}

export function between(before: Snapshot, after: Snapshot): Snapshot {
  const entries = Object.entries(after).map(([key, value]) => [key, value - before[key as keyof Snapshot]]);
  return Object.fromEntries(entries) as Snapshot;
}
