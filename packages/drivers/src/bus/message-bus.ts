import type { LogEvent } from '@belfry/core';
import type { Bus, BusCounters, BusListener, BusObserver, Topic } from '@belfry/hub';
import { decodeMessage, encodeMessages, type Message, newOrigin } from './message.ts';
import { probeOf, subjectOf } from './names.ts';
import { Outage } from './outage.ts';
import { Refusals } from './refusals.ts';

/** Unconfirmed bytes past this are not sent: an engine that does not take them must not fill the memory. */
const MOST_OUTGOING = 8 * 1_048_576;

/** A connection that carries messages by subject, and mends itself. */
export interface Line {
  readonly isUp: boolean;
  /** What the engine takes in one message. Bytes. */
  readonly maxBytes: number;
  /** Resolves when the engine has it. */
  send(subject: string, bytes: Buffer): Promise<unknown>;
  /** Resolves when the engine has it, or has refused it: then `onRefused` was called before. */
  subscribe(subject: string): Promise<unknown>;
  unsubscribe(subject: string): void;
  /** Within 2 s. */
  close(): Promise<void>;
}

/** What a line calls. */
export interface LineEnds {
  outage: Outage;
  /** A subject of nobody: whether the engine lets it be followed and sent on shows whether it lets us do anything. */
  probe: string;
  onMessage(subject: string, bytes: Uint8Array): void;
  /** After everything is subscribed to again. */
  onReconnect(): void;
  onRefused(subject: string, reason: string): void;
  /** What is to be subscribed to. */
  subjects(): Iterable<string>;
}

export interface MessageBusOptions {
  place: string;
  observer: BusObserver;
  open: (ends: LineEnds) => Promise<Line>;
}

const NOBODY: BusListener = { onEvents() {}, onWake() {}, onReconnect() {} };

/** A bus on an engine that carries messages: one message a topic and turn of the loop, with the events in it. */
export class MessageBus implements Bus {
  readonly #place: string;
  readonly #outage: Outage;
  readonly #origin = newOrigin();
  readonly #topics = new Map<string, Topic>();
  readonly #refusals: Refusals;
  #line: Line | null = null;
  #listener = NOBODY;
  #turn = new Map<string, LogEvent[]>();
  #sending: NodeJS.Immediate | null = null;
  #outgoing = 0;

  /** @throws BelfryError where the engine can't be reached, or refuses. */
  static async open({ place, observer, open }: MessageBusOptions): Promise<Bus> {
    const bus = new MessageBus(place, new Outage(observer));
    bus.#line = await open({
      outage: bus.#outage,
      probe: probeOf(place),
      onMessage: (subject, bytes) => bus.#receive(subject, bytes),
      onReconnect: () => bus.#listener.onReconnect(),
      onRefused: (subject, reason) => bus.#refused(subject, reason),
      subjects: () => bus.#topics.keys(),
    });
    return bus;
  }

  private constructor(place: string, outage: Outage) {
    this.#place = place;
    this.#outage = outage;
    this.#refusals = new Refusals({
      outage,
      subscribe: async (subject) => (this.#topics.has(subject) ? this.#subscribe(subject) : undefined),
      onTaken: () => this.#listener.onReconnect(),
    });
  }

  get counters(): BusCounters {
    return this.#outage.counters;
  }

  get isLost(): boolean {
    return this.#outage.isOn;
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  async follow(topic: Topic): Promise<void> {
    const subject = subjectOf(this.#place, topic);
    if (this.#topics.has(subject)) return;
    this.#topics.set(subject, topic);
    // One that breaks is made again with the connection.
    await this.#subscribe(subject).catch(() => {});
  }

  unfollow(topic: Topic): void {
    const subject = subjectOf(this.#place, topic);
    if (!this.#topics.delete(subject)) return;
    this.#line?.unsubscribe(subject);
    this.#refusals.drop(subject);
  }

  publish(events: readonly LogEvent[]): void {
    this.counters.published += events.length;
    for (const event of events) {
      const subject = subjectOf(this.#place, event);
      const waiting = this.#turn.get(subject);
      if (waiting === undefined) this.#turn.set(subject, [event]);
      else waiting.push(event);
    }
    this.#sending ??= setImmediate(() => this.#sendTurn());
  }

  async close(): Promise<void> {
    this.#listener = NOBODY;
    this.#refusals.close();
    if (this.#sending !== null) clearImmediate(this.#sending);
    this.#sendTurn();
    await this.#line?.close();
    this.#line = null;
  }

  async #subscribe(subject: string): Promise<void> {
    if (this.#line?.isUp) await this.#line.subscribe(subject);
  }

  #refused(subject: string, reason: string): void {
    if (this.#topics.has(subject)) this.#refusals.add(subject, reason);
  }

  #sendTurn(): void {
    const turn = this.#turn;
    this.#turn = new Map();
    this.#sending = null;
    for (const [subject, events] of turn) {
      if (this.#line?.isUp) this.#sendAll(this.#line, subject, events);
      else this.counters.lost += events.length;
    }
  }

  #sendAll(line: Line, subject: string, events: readonly LogEvent[]): void {
    for (const message of encodeMessages(this.#origin, events, line.maxBytes)) {
      if (this.#outgoing + message.bytes.length > MOST_OUTGOING) this.counters.lost += message.count;
      else void this.#send(line, subject, message);
    }
  }

  async #send(line: Line, subject: string, { bytes, count }: Message): Promise<void> {
    this.#outgoing += bytes.length;
    try {
      await line.send(subject, bytes);
    } catch {
      this.counters.failed += count;
    }
    this.#outgoing -= bytes.length;
  }

  #receive(subject: string, bytes: Uint8Array): void {
    const topic = this.#topics.get(subject);
    if (topic === undefined) return;
    const content = decodeMessage(this.#origin, topic, bytes);
    if (content === null) return;
    this.counters.received += 'wake' in content ? 1 : content.events.length;
    if ('wake' in content) this.#listener.onWake(topic, content.wake);
    else this.#listener.onEvents(content.events);
  }
}
