import type { Scanned } from './frame-scanner.ts';
import { MARK, sequenceAt } from './sequence.ts';

const MARK_BYTES = Buffer.from(MARK);
/** Engine.IO's ping is a text of this one letter. */
const PING = '2'.charCodeAt(0);

/** A short text as a client sends it. The mask is zeros, which the protocol allows and a server can't tell. */
export function maskedText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** Finds the message numbers in frames as a WebSocket server sends them: whole and unmasked (RFC 6455, 5.2). */
export function scanWebSocketFrames(bytes: Buffer): Scanned {
  const sequences: number[] = [];
  let pings = 0;
  let start = 0;
  for (;;) {
    const payload = payloadAt(bytes, start);
    if (payload === null || payload.end > bytes.length) break;
    const mark = bytes.subarray(payload.start, payload.end).indexOf(MARK_BYTES);
    if (mark !== -1) sequences.push(sequenceAt(bytes, payload.start + mark + MARK.length));
    if (payload.end - payload.start === 1 && bytes[payload.start] === PING) pings += 1;
    start = payload.end;
  }
  return { sequences, rest: start === bytes.length ? null : bytes.subarray(start), pings };
}

/** Null where not even its length is here. */
function payloadAt(bytes: Buffer, at: number): { start: number; end: number } | null {
  if (bytes.length < at + 2) return null;
  const length = (bytes[at + 1] as number) & 0x7f;
  if (length === 127) throw new Error('A frame is longer than any message.');
  if (length < 126) return { start: at + 2, end: at + 2 + length };
  if (bytes.length < at + 4) return null;
  return { start: at + 4, end: at + 4 + bytes.readUInt16BE(at + 2) };
}
