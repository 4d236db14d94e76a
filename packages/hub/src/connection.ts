import { newId, type Person } from '@belfry/core';
import { type Channel, type ClosingReason, formatCursor, type Position } from '@belfry/protocol';
import type { ConnectionInfo, HubContext } from './context.ts';
import { closingFrame, HEARTBEAT_COMMENT, liveFrame, OPENING, retryMsFor } from './control-frames.ts';
import type { FrameBatch } from './frame-batch.ts';
import type { Listener } from './listener.ts';
import type { LogEntry } from './log-entry.ts';
import type { Room } from './room.ts';
import { Selection } from './selection.ts';
import type { Sink } from './sink.ts';
import { isUnfiltered, personOf, type StreamRequest } from './stream-request.ts';
import type { WheelTimer } from './timer-wheel.ts';
import type { TurnWriter } from './write-turn.ts';

/**
 * `behind`: it is being served from state, memory or the store, and what comes live waits there for it. `live`: what
 * comes is written at once. `closing`: its last frame is on the way. `gone`: nothing may touch it any more.
 */
export type Phase = 'behind' | 'live' | 'closing' | 'gone';

const CLOSING_PATIENCE_MS = 5_000;
/** Heartbeats without a byte taken by the reader, after which it counts as slow. */
const STALLED_HEARTBEATS = 3;

/** One open stream. Kept small: there are tens of thousands of these. */
export class Connection implements Listener, TurnWriter, WheelTimer {
  readonly room: Room;
  readonly id: string;
  batch: FrameBatch | null = null;
  tick = -1;
  readonly #context: HubContext;
  readonly #sink: Sink;
  readonly #onGone: (connection: Connection) => void;
  readonly #openedAt = performance.now();
  readonly #lifeEnds: number;
  #request: StreamRequest;
  #selection: Selection;
  #phase: Phase = 'behind';
  /** Everything up to this number has been judged for this reader, and is written if it is theirs. */
  #served = 0;
  #written = 0;
  #taken = 0;
  #stalls = 0;
  #reason: ClosingReason | null = null;
  #wake: (() => void) | null = null;
  /** Whether what it is sent counts as sent to its person: from when it is live first. */
  #isPresent = false;

  constructor(
    context: HubContext,
    room: Room,
    request: StreamRequest,
    sink: Sink,
    onGone: (connection: Connection) => void,
  ) {
    const now = context.core.clock.now();
    this.#context = context;
    this.#sink = sink;
    this.#onGone = onGone;
    this.#request = request;
    this.room = room;
    this.#selection = new Selection(request, now);
    this.id = newId(now);
    this.#lifeEnds = this.#openedAt + jittered(context.settings.lifetimeMs, context.random);
    this.#write(OPENING);
    context.wheel.schedule(this, this.#nextWake(context.settings.heartbeatMs * (0.5 + context.random() / 2)));
  }

  get request(): StreamRequest {
    return this.#request;
  }

  get selection(): Selection {
    return this.#selection;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get isOver(): boolean {
    return this.#phase === 'closing' || this.#phase === 'gone';
  }

  get info(): ConnectionInfo {
    const { principal } = this.request;
    const { run = null } = this.room.topic;
    return { id: this.id, tenant: principal.tenant, user: personOf(principal)?.user ?? null, run };
  }

  /** What it has been sent and its reader has not taken. */
  get unsentBytes(): number {
    return this.#phase === 'gone' ? 0 : this.#sink.buffered;
  }

  get reason(): ClosingReason | null {
    return this.#reason;
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#openedAt);
  }

  offer(entry: LogEntry, channel: Channel): void {
    if (this.#phase !== 'live' || entry.n <= this.#served) return;
    // It may still come by another channel, so it does not count as judged.
    if (!this.selection.comesBy(entry, channel)) return;
    if (this.selection.needsOwnCounts(entry) || this.selection.changesAccess(entry)) {
      this.fallBehind();
      return;
    }
    this.#served = entry.n;
    if (!this.selection.passes(entry)) return;
    this.#context.counts.live += 1;
    this.#context.turn.add(this, entry.frame(channel, this.selection.audience));
    if (this.#isBurst()) this.fallBehind();
  }

  isFor(entry: LogEntry, channel: Channel): boolean {
    return !this.isOver && this.selection.comesBy(entry, channel) && this.selection.passes(entry);
  }

  /** From here on it is judged by other grants. Only while it is behind. */
  regrant(request: StreamRequest): void {
    if (this.isOver) return;
    this.room.rejoin(this, this.#request, request);
    this.#request = request;
    this.#selection = new Selection(request, this.#context.core.clock.now());
    if (this.#isPresent) this.#context.core.presence.regranted(request.principal as Person, request.grants);
  }

  /** Null but while it is looked for whether this reader may go on; resolves when that is known. */
  get inDoubt(): Promise<void> | null {
    return null;
  }

  /** Set by the hub: what serves this connection until it is live. */
  serveFrom: ((position: number) => void) | null = null;

  /** From here on it gets what comes. `announce`: says so with a `live` frame; once a stream. */
  goLive(position: Position, announce: boolean): void {
    this.#served = position.n;
    this.#phase = 'live';
    this.#bePresent();
    // Directly behind what it was served: on its way there nothing is gathered for it.
    if (announce) this.send(liveFrame(formatCursor(this.#context.core.store.epoch, position)));
  }

  /** Writes at once; for everything up to when it is live. */
  send(bytes: Uint8Array): void {
    if (!this.isOver) this.#write(bytes);
  }

  /** Resolves when the reader has taken what was sent, or is gone. */
  drained(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#wake = null;
        resolve();
      };
      this.#wake = wake;
      this.#sink.whenDrained(wake);
    });
  }

  writeBatch(bytes: Uint8Array): void {
    if (this.isOver) return;
    this.#write(bytes);
    if (this.#sink.buffered > this.#context.settings.maxBufferedBytes) this.close('slow');
  }

  /** A heartbeat, the end of its time, or the end of its patience: whatever is due. */
  fire(): void {
    if (this.#phase === 'gone') return;
    if (this.#phase === 'closing') {
      this.#sink.destroy();
      this.gone();
      return;
    }
    const due = this.#dueReason();
    if (due !== null) this.close(due);
    else this.#heartbeat();
  }

  /** Says why, and ends. What it has not taken within 5 s it will not get; it resumes by its cursor. */
  close(reason: ClosingReason): void {
    if (this.isOver) return;
    this.#context.turn.flushOne(this);
    if (this.isOver) return;
    this.#reason = reason;
    this.#write(closingFrame(reason, retryMsFor(reason, this.#context.random)));
    this.#end();
  }

  /** Ends with what it has been given: there is nothing more to come. */
  finish(): void {
    if (this.isOver) return;
    this.#context.turn.flushOne(this);
    if (!this.isOver) this.#end();
  }

  /** Drops it without a word. */
  destroy(): void {
    this.#sink.destroy();
    this.gone();
  }

  /** The peer or the sink has closed. */
  gone(): void {
    if (this.#phase === 'gone') return;
    this.#phase = 'gone';
    this.#context.wheel.cancel(this);
    this.#wake?.();
    if (this.#isPresent) this.#context.core.presence.closed(this.#request.principal as Person, this.#served);
    this.#onGone(this);
  }

  #end(): void {
    this.#phase = 'closing';
    this.#sink.end();
    this.#context.wheel.schedule(this, CLOSING_PATIENCE_MS);
    this.#wake?.();
  }

  /** Whoever follows a run is sent its log, and not their tenant's. */
  #bePresent(): void {
    const { principal, grants } = this.#request;
    if (this.room.topic.run !== undefined) return;
    if (this.#isPresent || principal.kind === 'service' || !isUnfiltered(this.#request)) return;
    this.#isPresent = true;
    this.#context.core.presence.opened(principal, grants);
  }

  #write(bytes: Uint8Array): void {
    const { counts } = this.#context;
    const written = this.#sink.write(bytes);
    counts.writes += 1;
    counts.bytes += written;
    this.#written += written;
  }

  /** More in one turn than a socket takes at once: it goes at the reader's own pace, who is not slow for that. */
  #isBurst(): boolean {
    return (this.batch?.length ?? 0) > this.#context.settings.maxBufferedBytes / 4;
  }

  /** What comes waits until it has been served up to there. */
  protected fallBehind(): void {
    if (this.#phase !== 'live') return;
    this.#context.turn.flushOne(this);
    if (this.isOver) return;
    this.#phase = 'behind';
    this.serveFrom?.(this.#served);
  }

  #heartbeat(): void {
    const { wheel, settings } = this.#context;
    const taken = this.#written - this.#sink.buffered;
    this.#stalls = this.#sink.buffered > 0 && taken === this.#taken ? this.#stalls + 1 : 0;
    this.#taken = taken;
    if (this.#stalls >= STALLED_HEARTBEATS) {
      this.close('slow');
      return;
    }
    if (this.#stalls === 0) this.#beat();
    wheel.schedule(this, this.#nextWake(settings.heartbeatMs));
  }

  /** The id says how far this connection has been served, which only a live one can. */
  #beat(): void {
    const { head } = this.room.follower;
    if (this.#phase === 'live' && head.n >= this.#served) this.#context.turn.add(this, this.room.heartbeat());
    else this.send(HEARTBEAT_COMMENT);
  }

  #dueReason(): ClosingReason | null {
    if (performance.now() >= this.#lifeEnds) return 'lifetime';
    return this.#tokenLeftMs() <= 0 ? 'token_expired' : null;
  }

  #nextWake(heartbeatMs: number): number {
    const lifeLeft = this.#lifeEnds - performance.now();
    return Math.max(0, Math.min(heartbeatMs, lifeLeft, this.#tokenLeftMs()));
  }

  #tokenLeftMs(): number {
    const ends = personOf(this.request.principal)?.expiresAt ?? null;
    return ends === null ? Number.POSITIVE_INFINITY : ends - this.#context.core.clock.now();
  }
}

function jittered(lifetimeMs: number, random: () => number): number {
  return lifetimeMs === 0 ? Number.POSITIVE_INFINITY : lifetimeMs * (0.8 + random() * 0.4);
}
