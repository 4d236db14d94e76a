import type { Channel, Position } from '@belfry/protocol';
import { Connection } from '../connection.ts';
import type { LogEntry } from '../log-entry.ts';
import { isEnd } from './run-frames.ts';
import type { RunStreamRequest } from './run-request.ts';

/** Somebody who follows one run. It ends with the run. */
export class RunConnection extends Connection {
  override get request(): RunStreamRequest {
    return super.request as RunStreamRequest;
  }

  override offer(entry: LogEntry, channel: Channel): void {
    super.offer(entry, channel);
    if (this.phase === 'live' && isEnd(entry.event)) this.finish();
  }

  /** There is no word for it: a run's stream goes from its snapshot to its messages. */
  override goLive(position: Position): void {
    super.goLive(position, false);
    if (this.room.isOver) this.finish();
  }
}
