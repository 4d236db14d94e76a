/** A server to measure. All of them do the same scenarios, each in its own way, over HTTP and event streams. */
export interface Peer {
  readonly name: string;
  /** What it does for a message, for the reader of the figures. */
  readonly about: string;
  readonly version: () => string;
  /** Why it can't run here; null where it can. */
  readonly absent: () => string | null;
  readonly command: (place: Place) => ServerCommand;
  readonly wire: Wire;
}

/** Where a server is to run. */
interface Place {
  port: number;
  /** A temporary folder of its own. */
  folder: string;
  /** For a server on Node: what to start it with besides, such as a profiler. */
  nodeFlags: readonly string[];
}

interface ServerCommand {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  /** It runs on Node, so it can be profiled and its garbage collected. */
  isNode: boolean;
}

export interface Address {
  host: string;
  port: number;
}

export interface Item {
  to: number | 'all';
  title: string;
}

/** Whole HTTP requests, latin1. Users are numbers from 0. */
export interface Wire {
  /** Opens the stream of one user, who has whatever is published to them and to all. */
  readonly stream: (user: number) => string;
  /** Stands in the frame after which a stream misses nothing. */
  readonly ready: string;
  readonly publish: (item: Item) => string;
  /** Absent where it has no batches. */
  readonly publishBatch?: (items: readonly Item[]) => string;
}
