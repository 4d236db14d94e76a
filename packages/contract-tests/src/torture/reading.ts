import type { EventEnvelope, StateFrame } from '@belfry/protocol';
import type { Viewer } from './viewer.ts';

/** One event as a reader was given it. */
export interface Seen {
  /** The cursor it came with. */
  id: string;
  type: string;
  channel: string;
  /** What it is about, in a few words that no other event has. */
  what: string;
  /** When it came, by `performance.now()`. */
  at: number;
}

interface StateSeen {
  /** Ids of the notifications, newest first. */
  items: string[];
  unread: number;
  unseen: number;
}

/** What a reader was given from one fresh start to the next, over however many connections. */
export interface Span {
  /** Where it began. */
  from: string;
  state: StateSeen;
  seen: Seen[];
  /** Ids that stood alone, and how many events had come before. */
  heartbeats: { id: string; after: number }[];
}

/** Everything that one reader was ever given. */
export class Reading {
  readonly viewer: Viewer;
  readonly spans: Span[] = [];
  /** What went against the contract on the way, in words. */
  readonly complaints: string[] = [];
  /** Connections that were opened, and those among them that went on where the one before stopped. */
  connections = 0;
  resumes = 0;

  constructor(viewer: Viewer) {
    this.viewer = viewer;
  }

  /** `state` came: a fresh start. */
  begin(from: string, state: StateFrame): void {
    this.spans.push({ from, state: stateSeen(state), seen: [], heartbeats: [] });
  }

  saw(id: string, { type, channel, data }: EventEnvelope): void {
    const span = this.spans.at(-1);
    if (span === undefined) this.complaints.push(`was given ${id} before any state`);
    else span.seen.push({ id, type, channel, what: whatOf(type, data), at: performance.now() });
  }

  /** An id that stood alone: all up to here that is the reader's has come. */
  beat(id: string): void {
    const span = this.spans.at(-1);
    span?.heartbeats.push({ id, after: span.seen.length });
  }

  complain(what: string): void {
    this.complaints.push(what);
  }

  /** The cursor of the last event, or of the state it started from. */
  get position(): string | null {
    const span = this.spans.at(-1);
    return span?.seen.at(-1)?.id ?? span?.from ?? null;
  }
}

interface Told {
  id?: string;
  marker?: string;
  notification?: { id: string; title: string };
}

/** What an event is about: of a notification its id and title, of an app's own event its marker. */
export function whatOf(type: string, data: unknown): string {
  const { notification, id, marker } = data as Told;
  if (notification !== undefined) return `${notification.id} ${notification.title}`;
  return `${type} ${id ?? marker}`;
}

function stateSeen({ notifications }: StateFrame): StateSeen {
  const { items, unread, unseen } = notifications;
  return { items: items.map(({ id }) => id), unread, unseen };
}
