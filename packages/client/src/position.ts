import { type Cursor, parseCursor } from '@belfry/protocol';

/** A place in the log, and how it was written: what `Last-Event-ID` says. */
export interface Place extends Cursor {
  readonly text: string;
}

/** Null for nothing, and for what is no cursor. */
export function placeOf(text: string | null): Place | null {
  const cursor = text === null ? null : parseCursor(text);
  return cursor && { ...cursor, text: text as string };
}

/** How far a reader has come in the log: what it resumes from, and what tells an event it had from one it had not. */
export interface ReadPosition {
  /** Null: nowhere yet. */
  place(): Place | null;
  /** Takes a position whatever stood here before: what `state` and an app that resumes do. */
  jump(text: string | null): void;
  /**
   * Goes on to the event at `id`. False: that event was had before. An id that is no cursor moves nothing; numbers
   * of different epochs can't be compared, so another epoch counts as new.
   */
  pass(id: string | null): boolean;
  /** A heartbeat: only ever goes forward from where something stands already. */
  follow(id: string | null): void;
}

export function readPosition(start: string | null): ReadPosition {
  let place = placeOf(start);
  const pass = (id: string | null): boolean => {
    const next = placeOf(id);
    const isNew = next === null || next.epoch !== place?.epoch || next.n > place.n;
    if (isNew) place = next ?? place;
    return isNew;
  };
  return {
    place: () => place,
    jump: (text) => {
      place = placeOf(text);
    },
    pass,
    follow: (id) => {
      if (place !== null && placeOf(id)?.epoch === place.epoch) pass(id);
    },
  };
}
