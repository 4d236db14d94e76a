import type { ConnectedFrame, EventEnvelope, StateFrame } from '@belfry/protocol';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Random } from '../random.ts';
import { Reading } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import { Loop } from './loop.ts';
import type { Reader } from './reader.ts';

/**
 * Reads the bare stream and goes by the standard alone: whatever stands in `id`, a heartbeat's too, is where it
 * resumes. It forgives nothing and drops no duplicate.
 */
export class RawReader implements Reader {
  readonly reading: Reading;
  readonly #url: string;
  readonly #fetch: typeof fetch;
  readonly #loop: Loop;
  #cursor: string | null = null;
  /** An id whose event, if it has one, has not come yet. */
  #alone: string | null = null;

  constructor(url: string, viewer: Viewer, random: Random, fetcher: typeof fetch = fetch) {
    this.reading = new Reading(viewer);
    this.#url = streamUrl(url, viewer);
    this.#fetch = fetcher;
    this.#loop = new Loop(
      (signal) => this.#connect(signal),
      () => random.int(0, 300),
    );
  }

  start = (): void => this.#loop.start();
  drop = (): void => this.#loop.drop();
  stop = (): Promise<void> => this.#loop.stop();

  forget(): void {
    this.#cursor = null;
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    headers.authorization = `Bearer ${this.reading.viewer.token}`;
    if (this.#cursor !== null) headers['last-event-id'] = this.#cursor;
    const response = await this.#fetch(this.#url, { headers, signal });
    if (response.status !== 200 || response.body === null) {
      this.reading.complain(`was answered ${response.status}: ${await response.text()}`);
      return;
    }
    const parser = createParser({
      onId: (id) => this.#moveTo(id, signal),
      onEvent: (frame) => this.#take(frame, signal),
    });
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      parser.feed(piece);
      this.#beat();
    }
  }

  /** The parser tells of an id first, and then of its event where there is one. */
  #moveTo(id: string, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#beat();
    this.#cursor = id;
    this.#alone = id;
  }

  #beat(): void {
    if (this.#alone !== null) this.reading.beat(this.#alone);
    this.#alone = null;
  }

  #take({ event = 'message', id = '', data }: EventSourceMessage, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#alone = null;
    const value: unknown = JSON.parse(data);
    if (event === 'message') this.reading.saw(id, value as EventEnvelope);
    else if (event === 'state') this.reading.begin(id, value as StateFrame);
    else if (event === 'connected') this.reading.connected(this.#cursor, value as ConnectedFrame);
  }
}

export function streamUrl(url: string, { narrowedTo }: Viewer, query: Record<string, string> = {}): string {
  const all = narrowedTo === undefined ? query : { ...query, channels: narrowedTo.join(',') };
  return `${url}/v1/stream?${new URLSearchParams(all)}`;
}
