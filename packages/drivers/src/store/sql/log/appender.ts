import { ORIGIN } from '@belfry/protocol';
import type { EventRow, NotificationRow, RunTailRow } from '../schema.ts';

/** The end of a log, held until the transaction ends. */
export interface Tail {
  log: number;
  /** 0 for an empty log. */
  n: number;
  /** The check value there; `0` for an empty log. */
  check: string;
  time: number;
  totalBytes: number;
  /** Of a run's log: where its tenant's ended when this one was held. Absent where who asks holds that one too. */
  after?: number;
}

/** What of the newest event's row makes a tail. */
export type Newest = Pick<EventRow, 'n' | 'check_value' | 'time' | 'total_bytes'>;

/** Undefined of an empty log. */
export function tailOf(log: number, newest: Newest | undefined): Tail {
  if (newest === undefined) return { log, ...ORIGIN, time: 0, totalBytes: 0 };
  const { n, check_value: check, time, total_bytes: totalBytes } = newest;
  return { log, n, check, time, totalBytes };
}

export interface NewEvent {
  row: EventRow;
  channels: readonly string[];
  /** The notification that it brings; null for every other event. */
  item: NotificationRow | null;
}

/** What an idempotency key gave the first time. */
export interface KeptResult {
  fingerprint: string;
  /** JSON text. */
  result: string;
  created_at: number;
}

/** Where an engine keeps results in a way of its own. */
export interface KeptResults {
  find(log: number, key: string): KeptResult | undefined;
  keep(log: number, key: string, result: KeptResult): void;
}

/** Where an engine keeps the tail of one run that it reads and writes for many writes at once. */
export interface KeptRunTail {
  find(): RunTailRow | undefined;
  keep(tail: RunTailRow): void;
}

/** The hot path: fixed SQL of each engine. */
export interface Appender {
  /** Makes the log of this name if there is none, and keeps other transactions from appending to it. */
  tail(name: string): Promise<Tail>;
  /** Writes the events and the notifications they bring, each with its channels. */
  write(events: readonly NewEvent[]): Promise<void>;
  /** Absent: each write looks for itself, by a query that has to be put together. */
  readonly results?: KeptResults;
  /** The same of a run whose log this appender is for. */
  readonly runTail?: KeptRunTail;
}
