import type { PollAnswer } from '@belfry/protocol';
import type { Random } from '../random.ts';
import { Reading } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import { Loop } from './loop.ts';
import { streamUrl } from './raw-reader.ts';
import type { Reader } from './reader.ts';

/** Long polls, one after the other, each from where the one before ended. */
export class PollReader implements Reader {
  readonly reading: Reading;
  readonly #url: string;
  readonly #loop: Loop;
  #cursor: string | null = null;

  constructor(url: string, viewer: Viewer, random: Random) {
    this.reading = new Reading(viewer);
    this.#url = streamUrl(url, viewer, { wait: '1' });
    this.#loop = new Loop(
      (signal) => this.#ask(signal),
      () => random.int(0, 50),
    );
  }

  start = (): void => this.#loop.start();
  drop = (): void => this.#loop.drop();
  stop = (): Promise<void> => this.#loop.stop();

  forget(): void {
    this.#cursor = null;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.reading.viewer.token}` };
    if (this.#cursor !== null) headers['last-event-id'] = this.#cursor;
    const response = await fetch(this.#url, { headers, signal });
    const answer: unknown = await response.json();
    if (signal.aborted) return;
    if (response.ok) this.#take(answer as PollAnswer);
    else if (response.status !== 503)
      this.reading.complain(`was answered ${response.status}: ${JSON.stringify(answer)}`);
  }

  #take({ resumed, reason, state, events, cursor }: PollAnswer): void {
    this.reading.connected(this.#cursor, { resumed, reason: reason ?? null });
    if (state !== undefined) this.reading.begin(cursor, state);
    for (const { id, ...envelope } of events) this.reading.saw(id, envelope);
    this.#cursor = cursor;
  }
}
