import { newId } from '@belfry/core';
import type { ClosingReason } from '@belfry/protocol';
import type { ConnectionInfo, HubContext } from './context.ts';
import { closingFrame, HEARTBEAT_COMMENT, OPENING, retryMsFor } from './control-frames.ts';
import type { FrameBatch } from './frame-batch.ts';
import type { Sink } from './sink.ts';
import { type StreamRequest, tokenLeftMs } from './stream-request.ts';
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
/** Of the time between two heartbeats: so much early is none, and many connections go together. */
const EARLY_SHARE = 1 / 50;

/** The socket of an open stream: what is written to it, its heartbeats, and its end. What it carries is `Connection`'s. */
export abstract class StreamSocket implements TurnWriter, WheelTimer {
  readonly id: string;
  batch: FrameBatch | null = null;
  tick = -1;
  protected readonly context: HubContext;
  readonly #sink: Sink;
  readonly #onGone: () => void;
  readonly #openedAt = performance.now();
  readonly #lifeEnds: number;
  #phase: Phase = 'behind';
  #written = 0;
  #taken = 0;
  #stalls = 0;
  #reason: ClosingReason | null = null;
  #wake: (() => void) | null = null;

  constructor(context: HubContext, sink: Sink, onGone: () => void) {
    this.context = context;
    this.#sink = sink;
    this.#onGone = onGone;
    this.id = newId(context.core.clock.now());
    this.#lifeEnds = this.#openedAt + jittered(context.settings.lifetimeMs, context.random);
  }

  abstract get request(): StreamRequest;

  abstract get info(): ConnectionInfo;

  /** The heartbeat of a reader who has been sent all that there is; null while it is not. */
  protected abstract get heartbeat(): Uint8Array | null;

  /** Called once, when it is gone. */
  protected abstract ended(): void;

  /** To be called once, when it is made: from here on it is looked after. */
  protected begin(): void {
    const { settings, random } = this.context;
    this.#write(OPENING);
    this.#wakeAfter(settings.heartbeatMs * (0.5 + random() / 2));
  }

  get phase(): Phase {
    return this.#phase;
  }

  protected set phase(phase: 'behind' | 'live') {
    this.#phase = phase;
  }

  get isOver(): boolean {
    return this.#phase === 'closing' || this.#phase === 'gone';
  }

  /** What it has been sent and its reader has not taken. */
  get unsentBytes(): number {
    if (this.#phase === 'gone') return 0;
    try {
      return this.#sink.buffered;
    } catch (error) {
      this.#broke(error);
      return 0;
    }
  }

  /** Null while it is open, and where its reader went. */
  get reason(): ClosingReason | null {
    return this.#reason;
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#openedAt);
  }

  /** What is sent next goes in one piece with what follows it in this turn of the event loop. */
  gather(): void {
    if (!this.isOver) this.#sink.gather?.();
  }

  /** What it has been sent in this turn may wait a moment for what it begins with. */
  hold(): void {
    if (!this.isOver) this.#sink.hold?.();
  }

  /** Writes at once; for everything up to when it is live. */
  send(bytes: Uint8Array): void {
    if (!this.isOver) this.#write(bytes);
  }

  /** Null where the reader has taken what was sent, or is gone; else resolves when that is so. */
  drained(): Promise<void> | null {
    if (this.isOver || this.#sink.isDrained === true) return null;
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
    if (this.unsentBytes > this.context.settings.maxBufferedBytes) this.close('slow');
  }

  /** A heartbeat, the end of its time, or the end of its patience: whatever is due. */
  fire(): void {
    if (this.#phase === 'gone') return;
    if (this.#phase === 'closing') {
      this.destroy();
      return;
    }
    const due = this.#dueReason();
    if (due !== null) this.close(due);
    else this.#lookAfter();
  }

  /** Says why, and ends. What it has not taken within 5 s it will not get; it resumes by its cursor. */
  close(reason: ClosingReason): void {
    if (this.isOver) return;
    this.context.turn.flushOne(this);
    if (this.isOver) return;
    this.#reason = reason;
    this.#write(closingFrame(reason, retryMsFor(reason, this.context.random)));
    this.#end();
  }

  /** Ends with what it has been given: there is nothing more to come. */
  finish(): void {
    if (this.isOver) return;
    this.context.turn.flushOne(this);
    if (!this.isOver) this.#end();
  }

  /** Drops it without a word. */
  destroy(): void {
    try {
      this.#sink.destroy();
    } catch (error) {
      this.context.observer.failed?.(this.info, error);
    }
    this.gone();
  }

  /** The peer or the sink has closed. */
  gone(): void {
    if (this.#phase === 'gone') return;
    this.#phase = 'gone';
    this.context.wheel.cancel(this);
    this.#wake?.();
    this.ended();
    this.#onGone();
  }

  /** More in one turn than a socket takes at once. */
  protected get isBurst(): boolean {
    return (this.batch?.length ?? 0) > this.context.settings.maxBufferedBytes / 4;
  }

  #end(): void {
    if (this.isOver) return;
    this.#phase = 'closing';
    try {
      this.#sink.end();
    } catch (error) {
      this.#broke(error);
    }
    this.context.wheel.schedule(this, CLOSING_PATIENCE_MS);
    this.#wake?.();
  }

  #write(bytes: Uint8Array): void {
    const { counts } = this.context;
    try {
      const written = this.#sink.write(bytes);
      counts.writes += 1;
      counts.bytes += written;
      this.#written += written;
    } catch (error) {
      this.#broke(error);
    }
  }

  /**
   * The sink has thrown, which none may. It ends alone, and the others of the turn get theirs. From this very moment on it
   * is written nothing, as that would come behind a hole.
   */
  #broke(error: unknown): void {
    this.#phase = 'closing';
    this.context.observer.failed?.(this.info, error);
    // Where it threw at its first bytes, whoever opens it does not have it yet.
    queueMicrotask(() => this.destroy());
  }

  #lookAfter(): void {
    const { settings } = this.context;
    const unsent = this.unsentBytes;
    const taken = this.#written - unsent;
    this.#stalls = unsent > 0 && taken === this.#taken ? this.#stalls + 1 : 0;
    this.#taken = taken;
    if (this.#stalls >= STALLED_HEARTBEATS) {
      this.close('slow');
      return;
    }
    if (this.#stalls === 0) this.#beat();
    this.#wakeAfter(settings.heartbeatMs);
  }

  #beat(): void {
    const { heartbeat } = this;
    if (heartbeat === null) this.send(HEARTBEAT_COMMENT);
    else this.context.turn.add(this, heartbeat);
  }

  #dueReason(): ClosingReason | null {
    if (performance.now() >= this.#lifeEnds) return 'lifetime';
    return this.#tokenLeftMs() <= 0 ? 'token_expired' : null;
  }

  #wakeAfter(heartbeatMs: number): void {
    const { wheel, settings } = this.context;
    const left = Math.max(0, Math.min(this.#lifeEnds - performance.now(), this.#tokenLeftMs()));
    if (left < heartbeatMs) wheel.schedule(this, left);
    else wheel.schedule(this, heartbeatMs, settings.heartbeatMs * EARLY_SHARE);
  }

  #tokenLeftMs(): number {
    return tokenLeftMs(this.request.principal, this.context.core.clock.now());
  }
}

function jittered(lifetimeMs: number, random: () => number): number {
  return lifetimeMs === 0 ? Number.POSITIVE_INFINITY : lifetimeMs * (0.8 + random() * 0.4);
}
