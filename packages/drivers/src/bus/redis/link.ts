import type { Link } from '../supervisor.ts';

export interface RedisLink extends Link {
  send(subject: string, bytes: Buffer): Promise<unknown>;
  subscribe(subject: string): Promise<unknown>;
  unsubscribe(subject: string): void;
}

/** What a link calls. */
export interface RedisEnds {
  /** A subject to try one's rights on. */
  probe: string;
  onMessage(subject: string, bytes: Uint8Array): void;
  onReconnect(): void;
  onDown(reason: string): void;
}
