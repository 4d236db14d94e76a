import type { BelfryError, ConnectedFrame } from '@belfry/protocol';
import type { FrameHandlers } from './frames.ts';
import type { Transport } from './status.ts';

/** How a connection came to its end, in the words of the state machine. */
export interface End {
  event: 'ended' | 'failed' | 'unauthorized' | 'refused' | 'handover' | 'unfit';
  error: BelfryError | null;
}

export interface ConnectionHandlers extends FrameHandlers {
  /** What the request carries, so that this token and no fresher one is forgotten when it was refused. */
  onToken(token: string | null): void;
  onEnd(end: End): void;
}

/** `connected`, as a stream says it or as another way makes it. */
export interface Connected extends ConnectedFrame {
  /** Absent: `stream`. */
  transport?: Transport;
  /** What follows was not asked for by this connection: it may be older than its beginning. */
  relayed?: boolean;
}

/** Where to go on, and the `access` that this place was earned with. */
export interface From {
  cursor: string | null;
  access: string | null;
}

export interface Connection {
  /** Ends it; nothing more is heard of it. */
  abort(): void;
  /** How long it may say nothing, where that is not the same for all. Infinite: somebody else watches it. */
  readonly patienceMs?: number | undefined;
}

/** Asks for what comes after a place. Whatever the way, what it hands over are the frames of a stream. */
export type Connect = (from: From, handlers: ConnectionHandlers) => Connection;

/** Watches how the connections of streams go. */
export interface Judge {
  /** A connection was asked for. */
  asked(): void;
  bytes(now: number): void;
  /** False: this end was one too many. */
  survives(end: End, now: number): boolean;
}

/** The ways to hear from the server. */
export interface Ways {
  stream: Connect;
  /** For where streams do not work. Without it they are tried for ever. */
  poll?: Connect;
  /** Goes with `poll`: says when streams do not work. */
  judge?: Judge;
  /** Lets go of what is kept between connections: the client stops, or its page goes to sleep. */
  leave?(): void;
}
