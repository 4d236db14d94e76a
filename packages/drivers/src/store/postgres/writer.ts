import type { KnownEnds } from './known-ends.ts';
import type { LogIds } from './log-ids.ts';
import type { Pool } from './pool.ts';

/** What every write needs. */
export interface Writer {
  pool: Pool;
  logs: LogIds;
  ends: KnownEnds;
  epoch: string;
  /** Milliseconds that tests have turned the clock by. */
  skew: () => number;
  /** The number of this process. */
  process: number;
}
