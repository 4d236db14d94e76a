import type { Frame } from '../frame-parser.ts';
import { type Place, placeOf } from '../position.ts';
import type { Connected, From } from '../ways.ts';

const MOST_FRAMES = 500;
const MOST_CHARACTERS = 1_000_000;

interface Kept extends Place {
  frame: Frame;
}

/**
 * The last frames of the log that a tab has heard, without a gap between them. From these it brings others to where it
 * stands; what reaches further back is for the server to tell.
 */
export interface Replay {
  /** The place this tab has come to. */
  last(): string | null;
  /** `from`: where the connection that says this went on. */
  connected(connected: Connected, from: From): void;
  note(frame: Frame): void;
  /** What a tab that stands there has to hear. Null: it stands too far back, or somewhere else. */
  after(from: From): Frame[] | null;
}

export function createReplay(): Replay {
  let kept: Kept[] = [];
  let characters = 0;
  let earned: string | null = null;
  /** All that came after it is kept. */
  let origin: Pick<Place, 'epoch' | 'n'> | null = null;
  let last: Place | null = null;

  const startAt = (place: Place | null): void => {
    kept = [];
    characters = 0;
    origin = place;
    last = place;
  };

  const keep = (one: Kept): void => {
    kept.push(one);
    characters += lengthOf(one);
    while (kept.length > MOST_FRAMES || characters > MOST_CHARACTERS) {
      const oldest = kept.shift() as Kept;
      characters -= lengthOf(oldest);
      const { epoch, n } = oldest;
      origin = { epoch, n };
    }
  };

  const fromState = (): Frame[] | null => {
    const at = kept.findLastIndex(({ frame }) => frame.event === 'state');
    return at < 0 ? null : framesOf(kept.slice(at));
  };

  return {
    last: () => last?.text ?? null,
    connected: ({ resumed, access }, { cursor }) => {
      earned = access;
      if (!resumed) startAt(null);
      else if (last?.text !== cursor) startAt(placeOf(cursor));
    },
    note: (frame) => {
      const at = placeOf(frame.id);
      if (at === null) return;
      if (last?.epoch !== at.epoch) startAt(at);
      const isNew = at.n > (last ?? at).n;
      if (isNew) last = at;
      if (frame.event === 'state' || (frame.event === 'message' && isNew)) keep({ ...at, frame });
    },
    after: ({ cursor, access }) => {
      if (origin === null) return null;
      if (cursor === null) return fromState();
      const at = placeOf(cursor);
      if (at?.epoch !== origin.epoch || access !== earned || at.n < origin.n) return null;
      if (kept.some(({ n, check }) => n === at.n && check !== at.check)) return null;
      const isOwed = ({ n, frame }: Kept): boolean => at.owesState === true && n === at.n && frame.event === 'state';
      return framesOf(kept.filter((one) => one.n > at.n || isOwed(one)));
    },
  };
}

function lengthOf({ frame }: Kept): number {
  return frame.data?.length ?? 0;
}

function framesOf(kept: readonly Kept[]): Frame[] {
  return kept.map(({ frame }) => frame);
}
