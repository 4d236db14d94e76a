import { randomFillSync } from 'node:crypto';

/** Of each id, 62 bits. */
const RANDOM_BYTES = 8;
/** Ids that are drawn together: one draw from the generator costs more than everything else here. */
const TOGETHER = 1_024;
/** `00` to `ff` */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const random = Buffer.alloc(TOGETHER * RANDOM_BYTES);
let randoms = '';
let used = 0;
/** How many were made of the newest millisecond, and what the next of them begin with. */
let newest = { now: Number.NaN, made: 0, begin: '' };

/**
 * A UUIDv7 (RFC 9562): sorts by creation time, and those of one process within a millisecond by the order in which they
 * were made, up to 4,096, so that an index of them grows at its end. The rest is random.
 */
export function newId(now: number): string {
  if (now !== newest.now) newest = { now, made: 0, begin: '' };
  const byte = newest.made & 0xff;
  if (byte === 0) newest.begin = beginOf(now, newest.made >> 8);
  newest.made += 1;
  return `${newest.begin}${BYTES[byte]}${nextRandom()}`;
}

/** `xxxxxxxx-xxxx-7x` */
function beginOf(now: number, part: number): string {
  const hex = Math.floor(now).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${(part & 0xf).toString(16)}`;
}

/** `-xxxx-xxxxxxxxxxxx` */
function nextRandom(): string {
  if (used === randoms.length) [randoms, used] = [drawn(), 0];
  const at = used;
  used += 2 * RANDOM_BYTES;
  return `-${randoms.slice(at, at + 4)}-${randoms.slice(at + 4, used)}`;
}

function drawn(): string {
  randomFillSync(random);
  for (let at = 0; at < random.length; at += RANDOM_BYTES) random[at] = (random[at]! & 0x3f) | 0x80;
  return random.toString('hex');
}
