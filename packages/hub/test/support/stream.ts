import type { ClosingReason, ConnectedFrame, EventEnvelope, StateFrame } from '@belfry/protocol';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Hub, OpenStream, StreamRequest } from '../../src/index.ts';
import { ScriptedSink } from './sink.ts';

/** The number of a cursor. */
export function numberOf(id: string): number {
  return Number(id.split('-')[1]);
}

const PATIENCE_MS = 30_000;

/** One stream as a client sees it: its bytes, read by a parser that nobody here wrote. */
export class TestStream {
  readonly sink: ScriptedSink;
  readonly messages: EventSourceMessage[] = [];
  /** Of the events of the log, as they came. */
  readonly ids: string[] = [];
  /** Of each id-only block: its id, and how many messages came before it. */
  readonly heartbeats: { id: string; after: number }[] = [];
  text = '';
  /** What a client would come back with: the last id of any block. */
  lastId: string | null = null;
  isClosed = false;
  readonly handle: OpenStream;
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({ onEvent: (message) => this.#keep(message) });
  #unread = '';
  #watchers = new Set<() => void>();

  constructor(hub: Hub, request: StreamRequest, paused = false) {
    this.sink = new ScriptedSink(
      (bytes) => this.#receive(bytes),
      () => this.handle.gone(),
    );
    if (paused) this.sink.pause();
    this.handle = hub.open(request, this.sink, () => {
      this.isClosed = true;
      this.#look();
    });
  }

  /** The messages without a name: events of the log. */
  get events(): { id: string; envelope: EventEnvelope }[] {
    return this.messages
      .filter(({ event }) => event === undefined)
      .map(({ id, data }) => ({ id: id as string, envelope: JSON.parse(data) }));
  }

  get connected(): ConnectedFrame {
    return this.#named('connected') as ConnectedFrame;
  }

  get state(): StateFrame | null {
    return this.#named('state') as StateFrame | null;
  }

  get closing(): { reason: ClosingReason; retryMs: number } | null {
    return this.#named('closing') as { reason: ClosingReason; retryMs: number } | null;
  }

  idOf(event: string): string | undefined {
    return this.messages.find((message) => message.event === event)?.id;
  }

  /** Resolves as soon as it is so; looks whenever something comes. */
  until(isSo: () => boolean, what = 'what was waited for'): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`It never came to ${what}. The stream's end: ${this.text.slice(-600)}`));
      }, PATIENCE_MS);
      const look = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  live(): Promise<void> {
    return this.until(() => this.idOf('live') !== undefined, 'live');
  }

  closed(): Promise<void> {
    return this.until(() => this.isClosed, 'its end');
  }

  /** Resolves when the event with this id has come. */
  has(id: string): Promise<void> {
    return this.until(() => this.ids.includes(id), `event ${id}`);
  }

  /** Resolves when it has been served up to this id, by state, event or position, and is live. */
  async reaches(id: string): Promise<void> {
    await this.live();
    await this.until(() => numberOf(this.lastId as string) >= numberOf(id), `position ${id}`);
  }

  /** The client drops the connection. */
  drop(): void {
    this.sink.destroy();
    this.handle.gone();
  }

  #named(name: string): unknown {
    const message = this.messages.find(({ event }) => event === name);
    return message === undefined ? null : JSON.parse(message.data);
  }

  #receive(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.text += text;
    const blocks = (this.#unread + text).split('\n\n');
    this.#unread = blocks.pop() as string;
    for (const block of blocks) this.#readBlock(`${block}\n\n`);
    this.#look();
  }

  /** One at a time, so that what an id-only block stands after is known. */
  #readBlock(block: string): void {
    const before = this.messages.length;
    this.#parser.feed(block);
    const id = /^id: (.*)$/m.exec(block)?.[1];
    if (id === undefined) return;
    this.lastId = id;
    if (this.messages.length === before) this.heartbeats.push({ id, after: before });
  }

  #keep(message: EventSourceMessage): void {
    this.messages.push(message);
    // An id that owes a state is of the same event.
    if (message.event === undefined) this.ids.push((message.id as string).replace(/-s$/, ''));
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
