import { parseCursor } from '@belfry/protocol';
import type { Frame } from '../frame-parser.ts';
import type { Connected, From } from '../ways.ts';

const MOST_FRAMES = 500;
const MOST_CHARACTERS = 1_000_000;

interface Kept {
  n: number;
  check: string;
  frame: Frame;
}

/**
 * The last frames of the log that a tab has heard, without a gap between them. From these it brings others to where it
 * stands; what reaches further back is for the server to tell.
 */
export class Replay {
  #kept: Kept[] = [];
  #characters = 0;
  #epoch: string | null = null;
  #access: string | null = null;
  /** All that came after this number is kept. */
  #since: number | null = null;
  /** The place this tab has come to. */
  last: string | null = null;

  /** `from`: where the connection that says this went on. */
  connected({ resumed, access }: Connected, { cursor }: From): void {
    this.#access = access;
    if (!resumed) this.#startAt(null);
    else if (this.#since === null || this.last !== cursor) this.#startAt(cursor);
  }

  note(frame: Frame): void {
    const at = frame.id === null ? null : parseCursor(frame.id);
    if (at === null) return;
    const before = this.last === null ? null : parseCursor(this.last);
    if (before === null || at.epoch !== this.#epoch) this.#startAt(frame.id);
    const isNew = before !== null && at.n > before.n;
    if (isNew) this.last = frame.id;
    if (frame.event === 'state' || (frame.event === 'message' && isNew)) this.#keep({ ...at, frame });
  }

  /** What a tab that stands there has to hear. Null: it stands too far back, or somewhere else. */
  after({ cursor, access }: From): Frame[] | null {
    if (this.#since === null) return null;
    if (cursor === null) return this.#fromState();
    const at = parseCursor(cursor);
    if (at === null || at.epoch !== this.#epoch || access !== this.#access || at.n < this.#since) return null;
    if (this.#kept.some(({ n, check }) => n === at.n && check !== at.check)) return null;
    const isOwed = ({ n, frame }: Kept): boolean => at.owesState === true && n === at.n && frame.event === 'state';
    return framesOf(this.#kept.filter((kept) => kept.n > at.n || isOwed(kept)));
  }

  #fromState(): Frame[] | null {
    const at = this.#kept.findLastIndex(({ frame }) => frame.event === 'state');
    return at < 0 ? null : framesOf(this.#kept.slice(at));
  }

  #startAt(cursor: string | null): void {
    const at = cursor === null ? null : parseCursor(cursor);
    this.#kept = [];
    this.#characters = 0;
    this.#epoch = at?.epoch ?? null;
    this.#since = at?.n ?? null;
    this.last = at === null ? null : cursor;
  }

  #keep(kept: Kept): void {
    this.#kept.push(kept);
    this.#characters += kept.frame.data?.length ?? 0;
    while (this.#kept.length > MOST_FRAMES || this.#characters > MOST_CHARACTERS) {
      const [oldest] = this.#kept.splice(0, 1) as [Kept];
      this.#characters -= oldest.frame.data?.length ?? 0;
      this.#since = oldest.n;
    }
  }
}

function framesOf(kept: readonly Kept[]): Frame[] {
  return kept.map(({ frame }) => frame);
}
