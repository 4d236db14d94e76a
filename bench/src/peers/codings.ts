import { brotliCompressSync, constants, deflateRawSync, zstdCompressSync } from 'node:zlib';
import type { Figures, Settings } from '../figures.ts';
import { messageJson } from './message.ts';
import type { Yardstick } from './peer.ts';

/** As Belfry would have to make them: whole by themselves, so that all connections share them, and out at once. */
const CODINGS: Readonly<Record<string, [about: string, encode: (bytes: Uint8Array) => Uint8Array]>> = {
  deflate: [
    'deflate blocks up to a byte, which refer to nothing before them, level 1; what Belfry has',
    (bytes) => deflateRawSync(bytes, { level: 1, finishFlush: constants.Z_SYNC_FLUSH }),
  ],
  zstd: [
    'zstd frames, level 1',
    (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  ],
  brotli: [
    'brotli, quality 1; its pieces can not be joined as they are, so it is here for comparison',
    (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  ],
};

/** How many events go out together: one by itself, a few, a state, a burst. */
export const PIECES = { event: 1, few: 4, state: 16, burst: 64 } as const;

const EVERY = 100;

export const codings: readonly Yardstick[] = Object.entries(CODINGS).map(([name, [about, encode]]) => ({
  name,
  about: `a coding by itself, in one process: ${about}`,
  version: () => `Node's zlib ${process.versions.zlib}`,
  services: [],
  measure: async (_, settings) => measure(encode, settings),
}));

function measure(encode: (bytes: Uint8Array) => Uint8Array, { seconds, warmup }: Settings): Figures {
  const pieces = Object.entries(PIECES).map(([name, events]) => [name, pieceOf(events)] as const);
  const share = 1_000 / pieces.length;
  return Object.assign(
    {},
    ...pieces.map(([name, piece]) => {
      timed(encode, piece, warmup * share);
      const part = (100 * encode(piece).length) / piece.length;
      return { [`${name}Us`]: timed(encode, piece, seconds * share), [`${name}Part`]: part };
    }),
  );
}

/** Microseconds each. */
function timed(encode: (bytes: Uint8Array) => Uint8Array, piece: Uint8Array, forMs: number): number {
  const begun = performance.now();
  let count = 0;
  for (; performance.now() - begun < forMs; count += EVERY) for (let at = 0; at < EVERY; at += 1) encode(piece);
  return ((performance.now() - begun) * 1_000) / count;
}

/** Events whose ids are by chance, as those of a log are. */
function pieceOf(events: number): Uint8Array {
  return Buffer.from(Array.from({ length: events }, (_, index) => frameOf(index)).join(''));
}

function frameOf(index: number): string {
  const id = crypto.randomUUID();
  const notification = messageJson(`user:${index}`, { title: `${id.slice(0, 8)} Ada commented on your story` });
  const time = '2026-11-29T09:00:00.123Z';
  const about = `"id":"${id}","type":"notification.created","time":"${time}"`;
  const data = `{${about},"channel":"user:${index}","data":{"notification":${notification.slice(0, -1)},"createdAt":"${time}","seen":false,"read":false}}}`;
  return `id: ${crypto.randomUUID()}.${index}\ndata: ${data}\n\n`;
}
