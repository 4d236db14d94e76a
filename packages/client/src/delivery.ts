import type { EventEnvelope, StateFrame, StateReason } from '@belfry/protocol';
import { placeOf, readPosition } from './position.ts';
import type { Connected, From } from './ways.ts';

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
export interface Delivery {
  /** Where it has come to. The server compares what the cursor was earned with before it resumes. */
  from(): From;
  /** How many events the present connection brought before it was live. */
  caughtUp(): number;
  connected(frame: Connected): void;
  state(frame: StateFrame, id: string | null): void;
  message(event: EventEnvelope, id: string | null): void;
  live(id: string | null): void;
  heartbeat(id: string): void;
  /** What comes next is for somebody else: nothing goes on where it stopped. */
  beginAnew(): void;
}

export function deliveryTo(handlers: DeliveryHandlers, start: From): Delivery {
  const position = readPosition(start.cursor);
  let { access } = start;
  let caughtUp = 0;
  let catchingUp = false;
  /** Held until `state` or `live` has come: an app that refetched earlier could still miss what came in between. */
  let gap: StateReason | null = null;
  const cursor = (): string | null => position.place()?.text ?? null;

  const tellGap = (): void => {
    const reason = gap;
    gap = null;
    if (reason !== null) handlers.onGap?.(reason);
  };

  /** A `state` in mid-stream that stands further on than what was read: what lies between is in neither. */
  const noteLeap = (id: string | null): void => {
    const place = position.place();
    if (place === null || id === null) return;
    const next = placeOf(id);
    if (next?.epoch !== place.epoch) gap = 'epoch';
    else if (next.n > place.n) gap = 'access';
  };

  return {
    from: () => ({ cursor: cursor(), access }),
    caughtUp: () => caughtUp,
    connected: (frame) => {
      catchingUp = true;
      caughtUp = 0;
      if (!frame.resumed) {
        if (cursor() !== null) gap = frame.reason ?? 'unknown';
        // Dropped at once: cut off before `state`, the old cursor with the new `access` would resume past it.
        position.jump(null);
      }
      access = frame.access;
      handlers.onConnected?.(frame);
    },
    state: (frame, id) => {
      noteLeap(id);
      position.jump(id);
      handlers.onState?.(frame, cursor());
      tellGap();
    },
    message: (event, id) => {
      if (!position.pass(id)) return;
      if (catchingUp) caughtUp += 1;
      handlers.onEvent?.(event, cursor());
    },
    live: (id) => {
      catchingUp = false;
      position.pass(id);
      tellGap();
      handlers.onCheckpoint?.();
    },
    heartbeat: (id) => {
      position.follow(id);
      handlers.onCheckpoint?.();
    },
    beginAnew: () => {
      if (cursor() !== null) gap = 'access';
      position.jump(null);
    },
  };
}
