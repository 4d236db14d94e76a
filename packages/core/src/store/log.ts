import type { Channel, Grants, Position } from '@belfry/protocol';
import type { LogEvent } from '../log-event.ts';

/** Where a number stands in a log. */
export interface Located {
  head: Position;
  /** The check value there; null past the head, or where retention has deleted the event. `0` at number 0. */
  check: string | null;
  /** The oldest number still kept; head + 1 of an empty log. A resume needs all after its cursor: n + 1 >= oldest. */
  oldest: number;
}

/** Where a log ends. */
export interface Head {
  /** The log's name. */
  log: string;
  head: Position;
}

export interface LogPage {
  events: LogEvent[];
  /** All up to here has been judged, whether or not anything matched: the next page starts after it. */
  upTo: number;
}

/** Who asks: a person by name, null for services. Absent where it is Belfry itself, which waits for nobody's turn. */
export interface WithAsker {
  asker?: string | null;
}

export interface LogWrites {
  /** Appends an app's own event. `data` is JSON text. */
  emit: { in: { tenant: string; to: Channel[]; type: string; data: string }; out: { cursor: string } };
}

/** Of any log, by its name (`logName`): a tenant's, or a run's. */
export interface LogReads {
  locate: { in: { log: string; n: number } & WithAsker; out: Located };
  /** Where each of these logs ends, in one query; `{n: 0, check: '0'}` of one that nothing was ever appended to. */
  heads: { in: { logs: string[] }; out: Head[] };
  /**
   * Events after `after` and up to `upTo` that a reader with these grants may see, in order, by the channel index and
   * not by a scan of the log; at most `limit` and about `maxBytes` of data, but at least one.
   */
  readLog: {
    in: { log: string; after: number; upTo: number; grants: Grants; limit: number; maxBytes: number } & WithAsker;
    out: LogPage;
  };
  /** How many such events there are after `after`, counted no further than `cap`. */
  countBehind: { in: { log: string; after: number; grants: Grants; cap: number } & WithAsker; out: number };
}
