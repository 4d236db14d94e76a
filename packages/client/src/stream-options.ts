import type { BelfryError, TypeFilter } from '@belfry/protocol';
import type { DeliveryHandlers } from './delivery.ts';
import type { Environment } from './environment.ts';
import type { Frame } from './frame-parser.ts';
import type { ConnectionOptions } from './sender.ts';

/** What a stream carries. Left out, everything that the principal may receive. */
export interface StreamFilters {
  /** Only these channels; one that the principal has no access to is refused. */
  channels?: readonly string[];
  /** Only notifications of these types; a `*` at the end stands for any ending. */
  types?: TypeFilter;
  /** Only events of these types; a `*` at the end stands for any ending. */
  events?: TypeFilter | undefined;
  /** The name of this browser profile or process. */
  device?: string;
}

export interface StreamOptions extends ConnectionOptions, StreamFilters, DeliveryHandlers {
  /** False: no `state` at the start of a stream that can't resume. */
  state?: boolean;
  /** Where to go on from, as `stream.cursor` gave it earlier. */
  cursor?: string | null;
  /** `stream.access` of the same moment. */
  access?: string | null;
  /** How long to wait for the first frame. 10,000 by default. */
  connectTimeoutMs?: number;
  /** The longest block that is read, in characters. 16,777,216 by default; longer ends the connection. */
  maxFrameLength?: number;
  /** Used for every request instead of the global one. */
  fetch?: typeof globalThis.fetch;
  environment?: Partial<Environment>;
  /** Every block of the stream as it came, duplicates and heartbeats too. */
  onFrame?: ((frame: Frame) => void) | undefined;
  /** The same as watching `stream.status`, at once and for each change. */
  onStatus?: (() => void) | undefined;
  /** Each failed try. The stream goes on trying by itself. */
  onError?: ((error: BelfryError) => void) | undefined;
}

/** The query of `GET /v1/stream`. A list that was given and is empty lets nothing through, and says so. */
export function streamQuery(options: StreamOptions): Record<string, string | undefined> {
  return {
    channels: options.channels?.join(','),
    types: options.types?.join(','),
    events: options.events?.join(','),
    device: options.device,
    state: options.state === false ? 'none' : undefined,
  };
}
