import type { HubSettings } from '@belfry/hub';

/** What the server process is started with. */
export interface ServerOrder {
  dir: string;
  /** 0: a free one. */
  port: number;
  apiKey: string;
  jwtSecret: string;
  hub: Partial<HubSettings>;
}

/** What it can be told. `crash`: kill yourself between the commit and the answer of the nth publish from now. */
export type Command = { type: 'crash'; afterCommits: number } | { type: 'memory' } | { type: 'stop' };

/** Bytes, after a garbage collection. */
export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
  /** Open streams. */
  streams: number;
}

export type Report =
  | { type: 'ready'; port: number }
  | { type: 'failed'; message: string }
  | { type: 'memory'; memory: Memory };
