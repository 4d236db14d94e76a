import { markAsUntransferable } from 'node:worker_threads';

/** As large as Node's: of a log where little happens, a frame that stays keeps no more than one of them. */
const PIECE_BYTES = 8_192;
/** From here on Node gives each Buffer memory of its own, too. */
const LARGE_BYTES = 4_096;

let piece = Buffer.alloc(0);
let used = 0;

/**
 * The bytes of a frame that is kept. Node makes small Buffers in pieces of 8 kB that all of a process share: among the
 * heads and first frames of a storm each frame that is kept would keep a whole piece. Those of a log go as they came, so
 * they share pieces of their own.
 */
export function keptFrame(text: string): Uint8Array {
  const length = Buffer.byteLength(text);
  if (length >= LARGE_BYTES) return Buffer.from(text);
  if (used + length > piece.length) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    // As Node does with its own: an app that hands a frame on through a stream of bytes would else empty all the others.
    markAsUntransferable(piece.buffer);
    used = 0;
  }
  const from = used;
  // By what was written: whatever lay in that memory before is nobody's to see.
  used += piece.write(text, from);
  return piece.subarray(from, used);
}
