import { isoTime, type LogEvent, type LogTopic, logName, topicOf } from '@belfry/core';
import { type Channel, formatCursor, type Position } from '@belfry/protocol';
import type { WriteContext } from '../context.ts';
import { OF_ITEM } from '../notifications/notification-data.ts';
import type { NotificationRow } from '../schema.ts';
import type { NewEvent, Tail } from './appender.ts';

const CHECK_VALUES = 36 ** 4;
/** So many events are worth writing while more are being made. */
export const LARGE = 250;

/** Gives one log's events their numbers within one step, and writes them together. */
export class LogWriter {
  readonly #topic: LogTopic;
  readonly log: number;
  /** When this step happens: the clock, but never before the log's newest event. */
  readonly at: number;
  /** The same as text. Made once: it costs more than all else about an event. */
  readonly time: string;
  readonly #context: WriteContext;
  readonly #after: number | undefined;
  #n: number;
  #check: string;
  #totalBytes: number;
  #events: NewEvent[] = [];

  /** @param name of the log: a tenant, or a run's by `logName`. */
  static async open(context: WriteContext, name: string): Promise<LogWriter> {
    return new LogWriter(context, topicOf(name), await context.appender.tail(name));
  }

  private constructor(context: WriteContext, topic: LogTopic, tail: Tail) {
    this.#context = context;
    this.#topic = topic;
    this.log = tail.log;
    this.at = Math.max(context.now, tail.time);
    this.time = isoTime(this.at);
    this.#after = tail.after;
    this.#n = tail.n;
    this.#check = tail.check;
    this.#totalBytes = tail.totalBytes;
  }

  /** The log of one of the tenant's runs: what is appended there comes after all that stands here by now. */
  async ofRun(run: string): Promise<LogWriter> {
    const topic = { tenant: this.tenant, run };
    const tail = await this.#context.appender.tail(logName(topic));
    return new LogWriter(this.#context, topic, { ...tail, after: this.#n });
  }

  get tenant(): string {
    return this.#topic.tenant;
  }

  /** The newest number, with what this step has added. */
  get head(): number {
    return this.#n;
  }

  cursor(position: Position): string {
    return formatCursor(this.#context.epoch, position);
  }

  /** Where the next event will stand, for data that holds its own cursor. */
  next(): Position {
    return { n: this.#n + 1, check: randomCheck() };
  }

  /** `data` is JSON text. Nothing is in the database before `flush`. */
  append(type: string, to: readonly Channel[], data: string, position: Position = this.next()): Position {
    this.#add({
      type,
      to,
      data,
      position,
      recipients: JSON.stringify(to),
      dataBytes: Buffer.byteLength(data),
      item: null,
    });
    return position;
  }

  /** A notification and the event that brings it. Their text is measured and their addresses are written once. */
  appendItem({ type, to, data, position, item }: NewItem): void {
    this.#add({ type, to, data, position, recipients: item.recipients, dataBytes: Buffer.byteLength(data), item });
  }

  #add({ type, to, data, position, recipients, dataBytes, item }: Appended): void {
    const { n, check } = position;
    // Each address stands in the event and in an index of its own.
    const bytes = dataBytes + 2 * recipients.length;
    const totalBytes = this.#totalBytes + bytes;
    const { log, at } = this;
    const kept = item === null ? data : OF_ITEM;
    const row = { log, n, check_value: check, type, time: at, recipients, data: kept, bytes, total_bytes: totalBytes };
    this.#events.push({ row, channels: to, item });
    this.#context.events.push(this.#told(position, type, to, data));
    this.#totalBytes = totalBytes;
    this.#n = n;
    this.#check = check;
  }

  #told({ n, check }: Position, type: string, to: readonly Channel[], data: string): LogEvent {
    const { tenant, run } = this.#topic;
    const follows = this.#check;
    const { time } = this;
    if (run === undefined) return { tenant, n, check, follows, type, time, to, data };
    const event = { tenant, run, n, check, follows, type, time, to, data };
    return this.#after === undefined ? event : { ...event, after: this.#after };
  }

  get isLarge(): boolean {
    return this.#events.length >= LARGE;
  }

  async flush(): Promise<void> {
    await this.#context.appender.write(this.#events);
    this.#events = [];
  }
}

interface NewItem {
  type: string;
  to: readonly Channel[];
  data: string;
  position: Position;
  item: NotificationRow;
}

interface Appended extends Omit<NewItem, 'item'> {
  /** `to` as JSON. */
  recipients: string;
  dataBytes: number;
  item: NotificationRow | null;
}

function randomCheck(): string {
  return Math.floor(Math.random() * CHECK_VALUES)
    .toString(36)
    .padStart(4, '0');
}
