import type { Figures, Settings } from '../figures.ts';
import type { ServiceName } from '../services/programs.ts';

/** What a scenario measures. */
export type Peer = ServerPeer | Yardstick;

interface Contestant {
  readonly name: string;
  /** What it does for a message, for the reader of the figures. */
  readonly about: string;
  /** What it is and its version. */
  readonly version: () => string;
  /** Services it stands on. Where one is missing it can't run here. */
  readonly services: readonly ServiceName[];
  /** Why its own program is not here; null where it is. Absent where it needs none. */
  readonly whyAbsent?: () => string | null;
}

/** A server to measure. All of them do the same scenarios, each in its own way, over HTTP and event streams. */
export interface ServerPeer extends Contestant {
  readonly command: (ground: Ground) => ServerCommand;
  /** That one server works in, each on a core where there are as many. One, unless said. */
  readonly processes?: number;
  readonly wire: Wire;
  /** Makes its tables so many times as large as they were before the first of these, while it runs. */
  readonly grow?: (folder: string, services: ServiceUrls, from: number, to: number) => Promise<void>;
  /** Where it has streams that hold nothing but what goes to all, and they are cheaper. */
  readonly wireToAll?: Wire;
}

/** A program that says itself how fast its services are, to hold a server against. */
export interface Yardstick extends Contestant {
  readonly measure: (urls: ServiceUrls, settings: Settings) => Promise<Figures>;
}

export function isYardstick(peer: Peer): peer is Yardstick {
  return 'measure' in peer;
}

/** Where the services of one round are: of Postgres, an empty database. */
export type ServiceUrls = Readonly<Partial<Record<ServiceName, string>>>;

/** Where a server is to run. */
interface Ground {
  port: number;
  /** A temporary folder of its own. */
  folder: string;
  services: ServiceUrls;
  /** For a server on Node: what to start it with besides, such as a profiler. */
  nodeFlags: readonly string[];
}

export interface ServerCommand {
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

/** What a stream was last served, for coming back. */
interface Place {
  cursor: string;
  access: string;
}

export interface Item {
  to: number | 'all' | Many;
  title: string;
  /** Makes it larger by so many characters. */
  padding?: number;
}

/** Several users, or whoever holds a topic. Only Belfry knows these. */
type Many = { users: readonly number[] } | { topic: string };

/** How streams are opened, of users by their number from 0. */
export interface StreamWire {
  readonly stream: (user: number, from?: Place) => string;
  /** Stands in the frame after which a stream misses nothing. */
  readonly ready: string;
  /** Absent where streams are Server-Sent Events. */
  readonly webSocket?: { hello: Buffer; pong: Buffer };
}

export interface ServiceClient {
  /** Resolves when it has been answered. */
  publish: (item: Item) => Promise<unknown>;
  close: () => Promise<void>;
}

/** Whole HTTP requests, latin1. The stream of a user has whatever is published to them and to all. */
export interface Wire extends StreamWire {
  readonly publish: (item: Item) => string;
  /** Its own library for services; absent where it has none. */
  readonly client?: (address: Address) => Promise<ServiceClient>;
  /** All of one tenant. Absent where it has no batches. */
  readonly publishBatch?: (items: readonly Item[]) => string;
  /** The same of people spread over so many tenants, or who hold so many topics. Absent where there is no such thing. */
  readonly inTenants?: (count: number) => Wire;
  readonly withTopics?: (count: number) => Wire;
  /** Absent where it keeps no inbox. */
  readonly inbox?: InboxWire;
  /** Absent where it has no runs. */
  readonly runs?: RunWire;
  /** Absent where nobody keeps what became of a message. */
  readonly audience?: AudienceWire;
}

/** What people of one topic do, and what a service asks about it. */
export interface AudienceWire {
  /** Connects once, with nothing to be sent. */
  readonly visit: (user: number) => string;
  readonly state: (user: number) => string;
  readonly readAll: (user: number) => string;
  readonly acknowledge: (user: number, cursor: string) => string;
  /** One message to the topic and to all. */
  readonly announce: (title: string) => string;
  readonly deliveries: (id: string) => string;
}

/** Reads the inbox of a person who holds topics. */
interface InboxWire {
  readonly page: (user: number, topics: readonly string[]) => string;
  readonly count: (user: number, topics: readonly string[]) => string;
}

/** A long job with a log that everyone may follow. */
export interface RunWire {
  /** Begins one: its id. */
  readonly begin: (address: Address) => Promise<string>;
  readonly following: (run: string) => StreamWire;
  readonly log: (run: string, lines: readonly string[]) => string;
}
