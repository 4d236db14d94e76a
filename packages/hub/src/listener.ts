import type { Channel } from '@belfry/protocol';
import type { LogEntry } from './log-entry.ts';

/** Someone whom the index finds by channel: an open stream, or a poll that waits. */
export interface Listener {
  /** Told of each entry on a channel it holds, in log order; twice where it holds two of the entry's channels. */
  offer(entry: LogEntry, channel: Channel): void;
  /** Whether a client gets the entry by this channel, now or as soon as it has caught up. */
  isFor(entry: LogEntry, channel: Channel): boolean;
}
