import type { Link } from '../supervisor.ts';

/** Where subjects can be followed. */
export interface Listening {
  subscribe(subject: string): Promise<unknown>;
  unsubscribe(subject: string): void;
}

export interface RedisLink extends Link, Listening {
  send(subject: string, bytes: Buffer): Promise<unknown>;
}

/** What a link calls. */
export interface RedisEnds {
  /** A subject to try one's rights on. */
  probe: string;
  /** Says all that is to be followed there: what is refused is told, and no failure. */
  subscribeAll(there: Listening): Promise<unknown>;
  onMessage(subject: string, bytes: Uint8Array): void;
  onReconnect(): void;
  onDown(reason: string): void;
}
