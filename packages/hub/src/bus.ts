import type { LogEvent, LogTopic } from '@belfry/core';

/** What can be followed: a tenant's main log, or the log of one of its runs. */
export type Topic = LogTopic;

/** What a bus calls with what it heard. None of these may throw. */
export interface BusListener {
  /** Committed by another process, in full. */
  onEvents(events: readonly LogEvent[]): void;
  /** Committed by another process, and to be read from the store: everything up to this number. */
  onWake(topic: Topic, n: number): void;
  /** The connection was lost and is back, or the engine follows what it had refused, and what was said in between was not heard. */
  onReconnect(): void;
}

/** Since the start of the process. All but `refused` and `reconnects` count events. */
export interface BusCounters {
  published: number;
  /** Not handed to the engine: no connection, or more waiting to be sent than the limit. */
  lost: number;
  /** Handed over, and then refused or never confirmed. */
  failed: number;
  received: number;
  /** How often the engine did not let a log be followed. It is asked again until it does. */
  refused: number;
  /** Ends of outages. */
  reconnects: number;
}

/**
 * Says quickly to other processes what was committed in this one. At most once by contract: it may lose, repeat and
 * reorder whatever it likes, because numbers show a jump and the heads of the logs show what was never said. The
 * contract suite in `@belfry/contract-tests` says in full what a driver must do; in short:
 *
 * - `publish` neither throws nor waits, and holds a bounded number of bytes: what does not fit is lost and counted.
 * - Nothing comes back to the bus that published it, and only what is followed is heard.
 * - What one process publishes on a topic arrives in that order, if it arrives.
 * - A lost connection is made anew for ever, what is followed is followed again, and then `onReconnect` is called.
 */
export interface Bus {
  readonly counters: BusCounters;
  /** Whether something is amiss: no connection, or one that is refused something. Absent where nothing can be. */
  readonly isLost?: boolean;
  /** Says who is told. Once, before the first `follow`. */
  listen(listener: BusListener): void;
  /** Resolves when what is published from now on will be heard, or when that can't be had at present. Never rejects. */
  follow(topic: Topic): Promise<void>;
  unfollow(topic: Topic): void;
  /** Tells the followers of each event's log. */
  publish(events: readonly LogEvent[]): void;
  /** Sends what is waiting, and lets go of connections: within 2 s, whatever state they are in. */
  close(): Promise<void>;
}

/** Told of outages, each once at its begin and once at its end. Must not throw. */
export interface BusObserver {
  /** `reason` is for people and holds no secret. */
  busLost?(reason: string): void;
  busBack?(awayMs: number, counters: BusCounters): void;
}

export function noCounts(): BusCounters {
  return { published: 0, lost: 0, failed: 0, received: 0, refused: 0, reconnects: 0 };
}
