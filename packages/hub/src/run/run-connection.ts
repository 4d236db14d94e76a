import type { Channel, Position } from '@belfry/protocol';
import { Connection } from '../connection.ts';
import type { LogEntry } from '../log-entry.ts';
import { isEnd } from './run-frames.ts';
import type { RunStreamRequest } from './run-request.ts';

/** Somebody who follows one run. It ends with the run. */
export class RunConnection extends Connection {
  #doubts = 0;
  #inDoubt: PromiseWithResolvers<void> | null = null;

  override get request(): RunStreamRequest {
    return super.request as RunStreamRequest;
  }

  override offer(entry: LogEntry, channel: Channel): void {
    super.offer(entry, channel);
    if (this.phase === 'live' && isEnd(entry.event)) this.finish();
  }

  override get inDoubt(): Promise<void> | null {
    return this.#inDoubt?.promise ?? null;
  }

  /** From this very moment it is not live, and is sent nothing more. `known` resolves when it may be, or is closed. */
  doubt(known: Promise<void>): void {
    this.#doubts += 1;
    this.#inDoubt ??= Promise.withResolvers();
    this.fallBehind();
    void known.finally(() => this.#known());
  }

  #known(): void {
    this.#doubts -= 1;
    if (this.#doubts > 0) return;
    this.#inDoubt?.resolve();
    this.#inDoubt = null;
  }

  /** There is no word for it: a run's stream goes from its snapshot to its messages. */
  override goLive(position: Position): void {
    super.goLive(position, false);
    if (this.room.isOver) this.finish();
  }
}
