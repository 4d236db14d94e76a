import type { Sink } from '@belfry/hub';
import { acceptsGzip } from './accepts-gzip.ts';
import { GzipSink } from './gzip-sink.ts';

export type Compression = 'off' | 'on';

/** How one stream's bytes are coded, and what its headers say of that. */
interface Coding {
  headers: Record<string, string>;
  over(sink: Sink): Sink;
}

const NONE: Coding = { headers: {}, over: (sink) => sink };
const REFUSED: Coding = { headers: { vary: 'Accept-Encoding' }, over: (sink) => sink };
const GZIP: Coding = {
  headers: { vary: 'Accept-Encoding', 'content-encoding': 'gzip' },
  over: (sink) => new GzipSink(sink),
};

export function codingFor(compression: Compression, acceptEncoding: string | undefined): Coding {
  if (compression === 'off') return NONE;
  return acceptsGzip(acceptEncoding) ? GZIP : REFUSED;
}
