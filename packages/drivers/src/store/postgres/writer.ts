import type { GroupsUnderWay } from './groups-under-way.ts';
import type { KnownEnds } from './known-ends.ts';
import type { LogIds } from './log-ids.ts';
import type { Pool } from './pool.ts';

/** What every write needs. */
export interface Writer {
  pool: Pool;
  logs: LogIds;
  ends: KnownEnds;
  groups: GroupsUnderWay;
  epoch: string;
  /** Milliseconds that tests have turned the clock by. */
  skew: () => number;
  /** The number of this process. */
  process: number;
}
