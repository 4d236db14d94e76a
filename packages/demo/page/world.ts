import type {
  JobState,
  NetworkState,
  Person,
  SentMessage,
  ServerState,
  Snapshot,
  TopicState,
  TrafficState,
  WatchLine,
} from '../src/wire.ts';
import { Signal } from './signal.ts';

/** As many as the supervisor remembers. */
const MOST_MESSAGES = 2_000;

/** What the supervisor says is true: who was sent what, and how the server and Ben's network are. */
export class World extends Signal {
  server: ServerState = { up: true, pid: null, restarts: 0 };
  network: NetworkState = { cutUntil: null };
  traffic: TrafficState = { perSecond: 5, until: null };
  topic: TopicState = { channel: '', ben: true };
  job: JobState = { underWay: false };
  /** False while the supervisor can't be heard. */
  watching = false;
  readonly messages = new Map<number, SentMessage>();
  /** The first number that counts: what was sent before all lanes were open is nobody's loss. Null: none yet. */
  countFrom: number | null = null;

  /** What of all that counts went to this person, oldest first. */
  sentTo(person: Person): SentMessage[] {
    return goingTo(person, this.counted());
  }

  /** Whether it counts or not. */
  everSentTo(person: Person): SentMessage[] {
    return goingTo(person, [...this.messages.values()]);
  }

  counted(): SentMessage[] {
    const from = this.countFrom;
    return from === null ? [] : [...this.messages.values()].filter(({ seq }) => seq >= from);
  }

  startCounting(from: number): void {
    this.countFrom = from;
    this.changed();
  }

  lose(): void {
    this.watching = false;
    this.changed();
  }

  take(line: WatchLine): void {
    this.watching = true;
    if (line.type === 'snapshot') this.#replace(line.snapshot);
    else if (line.type === 'message') this.#keep(line.message);
    else if (line.type === 'server') this.server = line.server;
    else if (line.type === 'network') this.network = line.network;
    else if (line.type === 'traffic') this.traffic = line.traffic;
    else if (line.type === 'topic') this.topic = line.topic;
    else if (line.type === 'job') this.job = line.job;
    this.changed();
  }

  #replace({ server, network, traffic, topic, job, messages }: Snapshot): void {
    Object.assign(this, { server, network, traffic, topic, job });
    for (const message of messages) this.#keep(message);
  }

  #keep(message: SentMessage): void {
    this.messages.set(message.seq, message);
    if (this.messages.size > MOST_MESSAGES) this.messages.delete(this.messages.keys().next().value as number);
  }
}

function goingTo(person: Person, messages: readonly SentMessage[]): SentMessage[] {
  return messages.filter(({ to }) => to === person || to === 'all');
}
