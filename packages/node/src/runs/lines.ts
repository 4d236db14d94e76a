import { invalid, LIMITS } from '@belfry/protocol';
import type { LineInput } from './input.ts';

/** A line as it is sent. */
export interface Line {
  readonly json: string;
  readonly bytes: number;
}

const LEVEL = new RegExp(`^[A-Za-z][A-Za-z0-9_-]{0,${LIMITS.level - 1}}$`);

/**
 * The lines in a text, each no longer than the server takes: refused, a line would cost those that went with it. They
 * have the time of the call, not of the request that carries them.
 *
 * @throws BelfryError `invalid` for what has no text, and for a level that is no word.
 */
export function linesOf(input: string | LineInput, now: Date): Line[] {
  const { text, level } = partsOf(input);
  if (level !== undefined && !LEVEL.test(level)) {
    throw invalid('level', `level must be a word such as info or error, at most ${LIMITS.level} characters.`);
  }
  const time = now.toISOString();
  const parts = String(text)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  return parts.flatMap(inPieces).map((piece) => {
    const json = JSON.stringify({ text: piece, level, time });
    return { json, bytes: Buffer.byteLength(json) };
  });
}

/** Whatever stands where a text should is written as it is; where nothing does, the line is a mistake. */
function partsOf(input: string | LineInput | null | undefined): Partial<LineInput> {
  const line = typeof input === 'object' && input !== null ? input : { text: input };
  if (line.text !== undefined && line.text !== null) return line as LineInput;
  throw invalid('text', 'A line of a log is missing its text: log takes a text, or {text, level}.');
}

/** In the middle of a character nothing is cut. */
function inPieces(text: string): string[] {
  if (text.length * 3 <= LIMITS.lineBytes) return [text];
  const pieces: string[] = [];
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(bytes.length, start + LIMITS.lineBytes);
    while (end < bytes.length && isInside(bytes[end] as number)) end -= 1;
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return pieces;
}

/** Whether a byte goes on with a character that began before it. */
function isInside(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}
