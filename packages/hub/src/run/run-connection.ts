import type { Channel, Position } from '@belfry/protocol';
import { Connection } from '../connection.ts';
import type { LogEntry } from '../log-entry.ts';
import { isEnd } from './run-frames.ts';
import type { RunStreamRequest } from './run-request.ts';

/** Somebody who follows one run. It ends with the run. */
export class RunConnection extends Connection {
  /** While whether they may still see it is looked for: nothing is sent until that is known. */
  #doubts = 0;
  #settled: (() => void)[] = [];

  override get request(): RunStreamRequest {
    return super.request as RunStreamRequest;
  }

  override offer(entry: LogEntry, channel: Channel): void {
    super.offer(entry, channel);
    if (this.phase === 'live' && isEnd(entry.event)) this.finish();
  }

  /** From this very moment it is not live. `known` resolves when it is known again, or the stream is closed. */
  doubt(known: Promise<void>): void {
    this.#doubts += 1;
    this.fallBehind();
    void known.finally(() => {
      this.#doubts -= 1;
      if (this.#doubts === 0) for (const resolve of this.#settled.splice(0)) resolve();
    });
  }

  override async drained(): Promise<void> {
    await super.drained();
    while (this.#doubts > 0 && !this.isOver) await new Promise<void>((resolve) => this.#settled.push(resolve));
  }

  /** There is no word for it: a run's stream goes from its snapshot to its messages. */
  override goLive(position: Position): void {
    if (this.#doubts > 0) {
      this.serveFrom?.(position.n);
      return;
    }
    super.goLive(position, false);
    if (this.room.isOver) this.finish();
  }
}
