import type { LogEvent } from '../log-event.ts';

/** The same key again within 24 h gives the first result; with another fingerprint it is a mismatch. */
export interface Idempotency {
  key: string;
  /** A hash of caller, method, path and body. */
  fingerprint: string;
}

export interface Committed<Out> {
  out: Out;
  /** True where an idempotency key had been seen: `out` is the first result and `events` is empty. */
  replayed: boolean;
  /** What was appended, in order. */
  events: LogEvent[];
}
