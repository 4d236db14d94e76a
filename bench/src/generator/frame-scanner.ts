import { DIGITS, MARK, sequenceAt } from './sequence.ts';

const BLANK_LINE = Buffer.from('\n\n');
const MARK_BYTES = Buffer.from(MARK);
const REMEMBERED = 8;

/** What a piece of a stream held. */
export interface Scanned {
  /** The numbers of the messages whose frames ended in this piece, in order. */
  sequences: readonly number[];
  /** The bytes of a frame that has not ended. */
  rest: Buffer | null;
  /** Pings of a WebSocket in it, which want an answer. */
  pings?: number;
}

interface Remembered {
  rest: Buffer | null;
  bytes: Buffer;
  scanned: Scanned;
}

/**
 * Finds the message numbers in streams of frames. One scanner serves every stream: a broadcast brings the same bytes
 * to all of them, and comparing them with a piece just scanned costs a tenth of scanning. A piece counts as the same
 * only where every byte is.
 */
export class FrameScanner {
  readonly #scan: (bytes: Buffer) => Scanned;
  /** The one that was met last comes first: of a broadcast it is met a thousand times in a row. */
  readonly #recent: Remembered[] = [];

  constructor(scan: (bytes: Buffer) => Scanned = scanFrames) {
    this.#scan = scan;
  }

  /** `bytes` may be used again by the caller for the next piece. */
  scan(rest: Buffer | null, bytes: Buffer, length: number): Scanned {
    const recent = this.#recent;
    for (let at = 0; at < recent.length; at += 1) {
      const known = recent[at] as Remembered;
      if (known.bytes.length !== length || !sameRest(known.rest, rest)) continue;
      if (known.bytes.compare(bytes, 0, length) !== 0) continue;
      for (let behind = at; behind > 0; behind -= 1) recent[behind] = recent[behind - 1] as Remembered;
      recent[0] = known;
      return known.scanned;
    }
    const piece = Buffer.from(bytes.subarray(0, length));
    const scanned = this.#scan(rest === null ? piece : Buffer.concat([rest, piece]));
    if (recent.unshift({ rest, bytes: piece, scanned }) > REMEMBERED) recent.pop();
    return scanned;
  }
}

/**
 * A frame ends with an empty line. What stands between frames besides (the sizes of HTTP chunks) is passed over, and so
 * are frames without a number: they are not messages.
 */
export function scanFrames(bytes: Buffer, manyAFrame = false): Scanned {
  const sequences: number[] = [];
  let start = 0;
  let mark = bytes.indexOf(MARK_BYTES);
  for (;;) {
    const end = bytes.indexOf(BLANK_LINE, start);
    if (end === -1) break;
    for (let found = 0; mark !== -1 && mark < end; found += 1) {
      if (found > 0 && !manyAFrame) throw new Error('A frame holds two message numbers.');
      sequences.push(sequenceAt(bytes, mark + MARK.length));
      mark = bytes.indexOf(MARK_BYTES, mark + MARK.length + DIGITS);
    }
    start = end + BLANK_LINE.length;
  }
  return { sequences, rest: start === bytes.length ? null : bytes.subarray(start) };
}

function sameRest(one: Buffer | null, other: Buffer | null): boolean {
  return one === other || (one !== null && other !== null && one.equals(other));
}
