import type { Reading } from '../reading.ts';

/** Someone who listens, and can be torn off and put back at any moment. */
export interface Reader {
  readonly reading: Reading;
  /** Connects, and connects again by itself whenever the server ends it. */
  start(): void;
  /** Tears the connection off, in the middle of whatever it carries. */
  drop(): void;
  /** Throws the position away: the next start is a fresh one. Only while dropped. */
  forget(): void;
  /** Drops, and resolves when nothing of it is left. */
  stop(): Promise<void>;
}
