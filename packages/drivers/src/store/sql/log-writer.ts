import type { LogEvent } from '@belfry/core';
import { isoTime } from '@belfry/core';
import { type Channel, formatCursor, type Position } from '@belfry/protocol';
import type { NewEvent, NewNotification, Tail } from './appender.ts';
import type { WriteContext } from './context.ts';
import type { NotificationRow } from './schema.ts';

const CHECK_VALUES = 36 ** 4;
/** So many events are worth writing while more are being made. */
export const LARGE = 250;

/** Gives one tenant's events their numbers within one step, and writes them together. */
export class LogWriter {
  readonly tenant: string;
  readonly log: number;
  /** When this step happens: the clock, but never before the log's newest event. */
  readonly at: number;
  /** The same as text. Made once: it costs more than all else about an event. */
  readonly time: string;
  readonly #context: WriteContext;
  #n: number;
  #check: string;
  #totalBytes: number;
  #events: NewEvent[] = [];
  #notifications: NewNotification[] = [];

  static async open(context: WriteContext, tenant: string): Promise<LogWriter> {
    return new LogWriter(context, tenant, await context.appender.tail(tenant));
  }

  private constructor(context: WriteContext, tenant: string, tail: Tail) {
    this.#context = context;
    this.tenant = tenant;
    this.log = tail.log;
    this.at = Math.max(context.now, tail.time);
    this.time = isoTime(this.at);
    this.#n = tail.n;
    this.#check = tail.check;
    this.#totalBytes = tail.totalBytes;
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
    const recipients = JSON.stringify(to);
    // Each address stands in the event and in an index of its own.
    const bytes = Buffer.byteLength(data) + 2 * recipients.length;
    this.#totalBytes += bytes;
    const row = { log: this.log, n: position.n, check_value: position.check, type, time: this.at, data, bytes };
    this.#events.push({ row: { ...row, recipients, total_bytes: this.#totalBytes }, channels: to });
    this.#context.events.push(this.#logEvent(type, to, data, position));
    this.#n = position.n;
    this.#check = position.check;
    return position;
  }

  keep(row: NotificationRow, channels: readonly Channel[]): void {
    this.#notifications.push({ row, channels });
  }

  get isLarge(): boolean {
    return this.#events.length >= LARGE;
  }

  async flush(): Promise<void> {
    await this.#context.appender.write(this.#events, this.#notifications);
    this.#events = [];
    this.#notifications = [];
  }

  #logEvent(type: string, to: readonly Channel[], data: string, { n, check }: Position): LogEvent {
    return { tenant: this.tenant, n, check, follows: this.#check, type, time: this.time, to, data };
  }
}

function randomCheck(): string {
  return Math.floor(Math.random() * CHECK_VALUES)
    .toString(36)
    .padStart(4, '0');
}
