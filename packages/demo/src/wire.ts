// What the supervisor, the server it runs and the page say to each other. Types only: the page's room holds no Node.

export type Person = 'ada' | 'ben';
export type Recipient = Person | 'all';
/** The two ways a message goes: through Belfry, and through the route one would write by hand. */
export type Lane = 'belfry' | 'byHand';
export type Severity = 'info' | 'success' | 'warning' | 'critical';

export interface Draft {
  to: Recipient;
  title: string;
  body: string | null;
  severity: Severity;
}

export interface SentMessage extends Draft {
  /** 1, 2, 3 … without gaps within one run of the supervisor. */
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Milliseconds from `at` to the first 2xx of each lane; null until then. */
  acknowledged: Record<Lane, number | null>;
}

export interface ServerState {
  up: boolean;
  pid: number | null;
  /** How often it was started again after it had died. */
  restarts: number;
}

export interface NetworkState {
  /** When Ben's network comes back by itself, in milliseconds since 1970; null while it works. */
  cutUntil: number | null;
}

export interface TrafficState {
  perSecond: number;
  /** When it ends by itself; null while it is off. */
  until: number | null;
}

/** The topic that Ada and Ben are members of. */
export interface TopicState {
  channel: string;
  /** Whether Ben is a member now. */
  ben: boolean;
}

/** The long job that the demo reports. */
export interface JobState {
  underWay: boolean;
}

export interface Snapshot {
  /** The name of this run of the supervisor: what another one sent is none of this one's. */
  run: string;
  nextSeq: number;
  server: ServerState;
  network: NetworkState;
  traffic: TrafficState;
  topic: TopicState;
  job: JobState;
  /** The newest ones, oldest first. */
  messages: readonly SentMessage[];
}

/** One line of `GET /watch` on the control server. */
export type WatchLine =
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'message'; message: SentMessage }
  | { type: 'server'; server: ServerState }
  | { type: 'network'; network: NetworkState }
  | { type: 'traffic'; traffic: TrafficState }
  | { type: 'topic'; topic: TopicState }
  | { type: 'job'; job: JobState }
  | { type: 'still-here' };

/** What `POST /send` answers once Belfry has said 2xx. */
export interface SendAnswer {
  message: SentMessage;
}

export interface PersonConfig {
  user: Person;
  name: string;
  /** Where this person's Belfry client connects: the server, or the network in front of it. */
  url: string;
  /** Where this person's `EventSource` connects. */
  byHandUrl: string;
}

/** `GET /demo/config` */
export interface PageConfig {
  run: string;
  people: readonly PersonConfig[];
  apiKey: string;
  /** The supervisor's own door. The token keeps other pages' hands off the buttons. */
  control: { url: string; token: string };
  byHandSource: string;
}

/** `GET /demo/token?user=` */
export interface TokenAnswer {
  token: string;
}
