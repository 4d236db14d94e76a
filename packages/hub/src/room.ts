import { type AccessRows, type Core, type LogTopic, logName, type Person } from '@belfry/core';
import { formatCursor, type Grants, type Position } from '@belfry/protocol';
import type { AccessCache } from './access-cache.ts';
import { ChannelIndex } from './channel-index.ts';
import type { HubObserver } from './context.ts';
import { heartbeatFrame } from './control-frames.ts';
import type { Listener } from './listener.ts';
import type { LogEntry } from './log-entry.ts';
import { LogFollower } from './log-follower.ts';
import type { NewestListeners, Replaceable } from './newest-listeners.ts';
import type { RingBudget } from './recent-entries.ts';
import { isEnd } from './run/run-frames.ts';
import { followed, type StreamRequest } from './stream-request.ts';

interface RoomOptions {
  core: Core;
  topic: LogTopic;
  budget: RingBudget;
  /** Those of each person here, and in other rooms with which this one shares its limit. */
  streams: NewestListeners;
  observer: Pick<HubObserver, 'delivers'>;
  /** Told of what is said in a tenant's log. Null: this is the log of a run. */
  access: AccessCache | null;
  /** Of a run's log: who follows its tenant's, where somebody does. */
  governor?: () => LogFollower | undefined;
}

/** The live side of one log, a tenant's or a run's: what comes to it, and who listens here. */
export class Room {
  readonly topic: LogTopic;
  /** Its name. */
  readonly log: string;
  readonly follower: LogFollower;
  readonly #epoch: string;
  readonly #observer: Pick<HubObserver, 'delivers'>;
  readonly #access: AccessCache | null;
  readonly #index = new ChannelIndex<Listener>();
  readonly #streams: NewestListeners;
  readonly #listeners = new Set<Listener & Replaceable>();
  #heartbeat: { n: number; frame: Uint8Array } | null = null;

  /** @param heard when what other processes say of this log is heard. */
  constructor({ core, topic, budget, streams, observer, access, governor }: RoomOptions, heard?: Promise<void>) {
    this.#streams = streams;
    this.topic = topic;
    this.#observer = observer;
    this.#access = access;
    this.log = logName(topic);
    this.#epoch = core.store.epoch;
    this.follower = new LogFollower({
      store: core.store,
      log: this.log,
      links: core.artifactLinks,
      budget,
      ...(heard === undefined ? {} : { heard }),
      ...(governor === undefined ? {} : { governor }),
      onEntries: (entries) => this.#deliver(entries),
      onLost: () => this.#closeAll(),
    });
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Of a run that has finished: nothing comes any more. */
  get isOver(): boolean {
    if (this.topic.run === undefined || !this.follower.isFollowing) return false;
    const last = this.follower.recent.at(this.follower.head.n);
    return last !== undefined && isEnd(last.event);
  }

  join(listener: Listener & Replaceable, request: StreamRequest): void {
    const { principal } = request;
    this.listen(listener, followed(request));
    if (principal.kind === 'person') this.#streams.add(principal, listener);
  }

  /** Its grants have changed. */
  rejoin(listener: Listener & Replaceable, before: StreamRequest, after: StreamRequest): void {
    this.#index.remove(listener, followed(before));
    this.#index.add(listener, followed(after));
  }

  leave(listener: Listener & Replaceable, request: StreamRequest): void {
    const { principal } = request;
    this.unlisten(listener, followed(request));
    if (principal.kind === 'person') this.#streams.remove(principal, listener);
  }

  /** For who is no stream of its own. */
  listen(listener: Listener & Replaceable, grants: Grants): void {
    this.#listeners.add(listener);
    this.#index.add(listener, grants);
  }

  unlisten(listener: Listener & Replaceable, grants: Grants): void {
    this.#listeners.delete(listener);
    this.#index.remove(listener, grants);
  }

  /** What the database says at a number about a person's access, for when they come back. */
  learnAccess(person: Person, { n }: Position, rows: AccessRows): void {
    // What was heard after it may have changed it.
    if (this.follower.head.n <= n) this.#access?.learn(person, rows);
  }

  /** The heartbeat of whoever is live: everything up to the head has been judged for all of them. */
  heartbeat(): Uint8Array {
    const { head } = this.follower;
    if (this.#heartbeat?.n !== head.n) {
      this.#heartbeat = { n: head.n, frame: heartbeatFrame(formatCursor(this.#epoch, head)) };
    }
    return this.#heartbeat.frame;
  }

  /** What goes to the same channel in a row is offered to each in one step: they are many, and far apart in memory. */
  #deliver(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#access?.hear(entry.event);
    for (let from = 0; from < entries.length; ) {
      const row = rowFrom(entries, from);
      from += row.length;
      for (const entry of row) this.#observer.delivers?.(entry.event, () => this.#countReaders(entry));
      for (const channel of row[0]?.event.to ?? []) {
        this.#index.each(channel, (listener, by) => {
          for (const entry of row) listener.offer(entry, by);
        });
      }
    }
  }

  #countReaders(entry: LogEntry): number {
    const readers = new Set<Listener>();
    for (const channel of entry.event.to) {
      this.#index.each(channel, (listener) => {
        if (listener.isFor(entry, channel)) readers.add(listener);
      });
    }
    return readers.size;
  }

  #closeAll(): void {
    this.#access?.forget(this.topic.tenant);
    for (const listener of this.#listeners) listener.close('unavailable');
  }
}

/** The entry there, and those right behind it that go to the same one channel and no other. */
function rowFrom(entries: readonly LogEntry[], from: number): readonly LogEntry[] {
  const [channel, ...others] = (entries[from] as LogEntry).event.to;
  const isAlike = ({ event }: LogEntry) => event.to.length === 1 && event.to[0] === channel;
  let end = from + 1;
  if (others.length === 0) while (end < entries.length && isAlike(entries[end] as LogEntry)) end += 1;
  return end - from === entries.length ? entries : entries.slice(from, end);
}
