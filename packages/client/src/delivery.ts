import type { EventEnvelope, StateFrame, StateReason } from '@belfry/protocol';
import { ReadPosition } from './position.ts';
import type { Connected } from './ways.ts';

export interface DeliveryHandlers {
  onConnected?: ((connected: Connected) => void) | undefined;
  /** Replaces all that was held. Live events start strictly after `cursor`. */
  onState?: ((state: StateFrame, cursor: string | null) => void) | undefined;
  /** Each event once, in the order of the log. */
  onEvent?: ((event: EventEnvelope, cursor: string | null) => void) | undefined;
  /** Everything up to here has been handed over: the end of catching up, and each heartbeat. */
  onCheckpoint?: (() => void) | undefined;
  /** The stream could not go on where it stopped. Belfry's own things came by `state`; the app's events may be lost. */
  onGap?: ((reason: StateReason) => void) | undefined;
}

/** Which frames reach the app: what it has not had, in order, and a word where something may be missing. */
export class Delivery {
  declare readonly position: ReadPosition;
  /** What the cursor was earned with; the server compares it before it resumes. */
  declare access: string | null;
  caughtUp = 0;
  readonly #handlers: DeliveryHandlers;
  #catchingUp = false;
  /** Held until `state` or `live` has come: an app that refetched earlier could still miss what came in between. */
  #gap: StateReason | null = null;

  constructor(handlers: DeliveryHandlers, cursor: string | null, access: string | null) {
    this.#handlers = handlers;
    this.position = new ReadPosition(cursor);
    this.access = access;
  }

  connected(frame: Connected): void {
    this.#catchingUp = true;
    this.caughtUp = 0;
    if (!frame.resumed) {
      if (this.position.text !== null) this.#gap = frame.reason ?? 'unknown';
      // Dropped at once: cut off before `state`, the old cursor with the new `access` would resume past it.
      this.position.jump(null);
    }
    this.access = frame.access;
    this.#handlers.onConnected?.(frame);
  }

  state(frame: StateFrame, id: string | null): void {
    this.#noteLeap(id);
    this.position.jump(id);
    this.#handlers.onState?.(frame, this.position.text);
    this.#tellGap();
  }

  message(event: EventEnvelope, id: string | null): void {
    if (id !== null && !this.position.pass(id)) return;
    if (this.#catchingUp) this.caughtUp += 1;
    this.#handlers.onEvent?.(event, this.position.text);
  }

  live(id: string | null): void {
    this.#catchingUp = false;
    if (id !== null) this.position.pass(id);
    this.#tellGap();
    this.#handlers.onCheckpoint?.();
  }

  heartbeat(id: string): void {
    this.position.follow(id);
    this.#handlers.onCheckpoint?.();
  }

  /** A `state` in mid-stream that stands further on than what was read: what lies between is in neither. */
  #noteLeap(id: string | null): void {
    const { text, epoch, n } = this.position;
    if (text === null || id === null) return;
    const next = new ReadPosition(id);
    if (next.epoch !== epoch) this.#gap = 'epoch';
    else if (next.n > n) this.#gap = 'access';
  }

  #tellGap(): void {
    const gap = this.#gap;
    this.#gap = null;
    if (gap !== null) this.#handlers.onGap?.(gap);
  }
}
