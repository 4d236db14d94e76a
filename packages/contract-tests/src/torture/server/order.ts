import type { HubSettings } from '@belfry/hub';
import type { WebhookSettings } from '@belfry/server';

/** Where a server keeps everything: in a data folder, or in a Postgres that others use as well. */
export type DatabaseOrder = { dir: string } | { url: string };

/** How a server talks to the others: as BELFRY_BUS has it, and where `postgres` connects to. */
export interface BusOrder {
  setting: string;
  databaseUrl: string;
  /** It hears of runs alone: see `runsOnly`. */
  runsOnly?: boolean;
}

/** What the server process is started with. */
export interface ServerOrder {
  database: DatabaseOrder;
  /** Null: there are no others. */
  bus: BusOrder | null;
  /** 0: a free one. */
  port: number;
  apiKey: string;
  jwtSecret: string;
  hub: Partial<HubSettings>;
  corsOrigins?: string[];
  webhooks?: WebhookSettings;
  /** To build into it: the checker must find them. */
  mistakes?: readonly Mistake[];
}

/**
 * What a faulty server would do: once to one event that was published by SQL, and `overtake` always. Then nobody is told
 * of what is taken from people, and what is said of a run does not wait for it.
 */
export type Mistake = SqlMistake | 'overtake';
export type SqlMistake = 'drop' | 'swap' | 'repeat' | 'misdeliver';

/**
 * What it can be told. `crash`: kill yourself between the commit and the answer of the nth publish from now. `clock`:
 * from now on be wrong by this much.
 */
export type Command =
  | { type: 'crash'; afterCommits: number }
  | { type: 'clock'; process: number; database: number }
  | { type: 'memory' }
  | { type: 'stop' };

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
