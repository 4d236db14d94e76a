import type { Core } from '@belfry/core';
import { formatCursor, LIMITS } from '@belfry/protocol';
import { ChannelIndex } from './channel-index.ts';
import { heartbeatFrame } from './control-frames.ts';
import type { Listener } from './listener.ts';
import type { LogEntry } from './log-entry.ts';
import { LogFollower } from './log-follower.ts';
import type { RingBudget } from './recent-entries.ts';
import { followed, type StreamRequest } from './stream-request.ts';

/** What can be told to go: to make room for a newer one, or to start anew. */
export interface Replaceable {
  close(reason: 'replaced' | 'unavailable'): void;
}

/** One tenant's live side: its log as it comes, and who listens to it here. */
export class Room {
  readonly tenant: string;
  readonly follower: LogFollower;
  readonly #epoch: string;
  readonly #index = new ChannelIndex<Listener>();
  /** Streams and polls of each person, oldest first. */
  readonly #streams = new Map<string, Set<Replaceable>>();
  readonly #listeners = new Set<Listener & Replaceable>();
  #heartbeat: { n: number; frame: Uint8Array } | null = null;

  /** @param heard when what other processes say of this tenant is heard. */
  constructor(core: Core, tenant: string, budget: RingBudget, heard?: Promise<void>) {
    this.tenant = tenant;
    this.#epoch = core.store.epoch;
    this.follower = new LogFollower({
      store: core.store,
      tenant,
      budget,
      ...(heard === undefined ? {} : { heard }),
      onEntry: (entry) => this.#deliver(entry),
      onLost: () => this.#closeAll(),
    });
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  join(listener: Listener & Replaceable, request: StreamRequest): void {
    const { principal } = request;
    this.#listeners.add(listener);
    this.#index.add(listener, followed(request));
    if (principal.kind === 'person') this.#addStream(principal.user, listener);
  }

  /** Its grants have changed. */
  rejoin(listener: Listener & Replaceable, before: StreamRequest, after: StreamRequest): void {
    this.#index.remove(listener, followed(before));
    this.#index.add(listener, followed(after));
  }

  leave(listener: Listener & Replaceable, request: StreamRequest): void {
    const { principal } = request;
    this.#listeners.delete(listener);
    this.#index.remove(listener, followed(request));
    if (principal.kind === 'person') this.#removeStream(principal.user, listener);
  }

  /** The heartbeat of whoever is live: everything up to the head has been judged for all of them. */
  heartbeat(): Uint8Array {
    const { head } = this.follower;
    if (this.#heartbeat?.n !== head.n) {
      this.#heartbeat = { n: head.n, frame: heartbeatFrame(formatCursor(this.#epoch, head)) };
    }
    return this.#heartbeat.frame;
  }

  #deliver(entry: LogEntry): void {
    for (const channel of entry.event.to) this.#index.each(channel, (listener, by) => listener.offer(entry, by));
  }

  #closeAll(): void {
    for (const listener of this.#listeners) listener.close('unavailable');
  }

  /** Past the limit the oldest makes room. */
  #addStream(user: string, stream: Replaceable): void {
    const streams = this.#streams.get(user) ?? new Set();
    this.#streams.set(user, streams.add(stream));
    if (streams.size <= LIMITS.streams) return;
    const [oldest] = streams;
    if (oldest === undefined) return;
    streams.delete(oldest);
    oldest.close('replaced');
  }

  #removeStream(user: string, stream: Replaceable): void {
    const streams = this.#streams.get(user);
    if (streams?.delete(stream) && streams.size === 0) this.#streams.delete(user);
  }
}
