import type { EventEnvelope, StateFrame, StateReason } from '@belfry/protocol';
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

/** Each list newest first. */
export interface StateSeen {
  /** Ids of the notifications. */
  items: string[];
  unread: number;
  unseen: number;
  /** Ids of the questions. */
  questions: string[];
  runs: RunSeen[];
  /** When it came, by the clock of the bench, in milliseconds since 1970. */
  at: number;
}

/** How far a run was, as was told. */
export interface RunSeen {
  id: string;
  status: string;
  progress: number | null;
}

/** What a reader was given from one fresh start to the next, over however many connections. */
export interface Span {
  /** Where it began. */
  from: string;
  state: StateSeen;
  seen: Seen[];
  /** Ids that stood alone, and how many events had come before. */
  heartbeats: { id: string; after: number }[];
  /** How many events had come each time a connection went on where the one before stopped. */
  resumedAfter: number[];
  /** The cursor of the state that replaced it in mid-stream: all up to there must have come. Null for any other end. */
  upTo: string | null;
}

/** A connection that could not go on after a cursor. */
export interface Restart {
  cursor: string;
  reason: StateReason | null;
  /** It was cut off where a state was still to come. */
  isOwedState: boolean;
}

/** Everything that one reader was ever given. */
export class Reading {
  readonly viewer: Viewer;
  readonly spans: Span[] = [];
  /** What went against the contract on the way, in words. */
  readonly complaints: string[] = [];
  readonly restarts: Restart[] = [];
  /** Connections that were opened, and those among them that went on where the one before stopped. */
  connections = 0;
  resumes = 0;
  /** No event can come before a state. */
  #isFresh = false;
  /** The last state came at the start of a connection. */
  #beganAnew = false;
  /** Its last id says that a state is still to come. */
  #isOwedState = false;

  constructor(viewer: Viewer) {
    this.viewer = viewer;
  }

  /** @param cursor where it wanted to go on; null for nowhere. */
  connected(cursor: string | null, { resumed, reason }: { resumed: boolean; reason?: StateReason | null }): void {
    this.connections += 1;
    this.#isFresh = !resumed;
    if (!resumed && cursor !== null)
      this.restarts.push({ cursor, reason: reason ?? null, isOwedState: this.#isOwedState });
    if (!resumed) return;
    this.resumes += 1;
    const span = this.spans.at(-1);
    span?.resumedAfter.push(span.seen.length);
  }

  /** `state` came: a fresh start, or in mid-stream where access has changed. */
  begin(from: string, state: StateFrame): void {
    const before = this.spans.at(-1);
    this.#beganAnew = this.#isFresh;
    if (before !== undefined && !this.#isFresh) before.upTo = from;
    this.#isFresh = false;
    this.#isOwedState = false;
    this.spans.push({ from, state: stateSeen(state), seen: [], heartbeats: [], resumedAfter: [], upTo: null });
  }

  saw(id: string, { type, channel, data }: EventEnvelope): void {
    this.#isOwedState = owesState(id);
    const span = this.spans.at(-1);
    if (span === undefined) this.complaints.push(`was given ${id} before any state`);
    else span.seen.push({ id: plain(id), type, channel, what: whatOf(type, data), at: performance.now() });
  }

  /** An id that stood alone: all up to here that is the reader's has come. */
  beat(id: string): void {
    this.#isOwedState = owesState(id);
    const span = this.spans.at(-1);
    span?.heartbeats.push({ id: plain(id), after: span.seen.length });
  }

  /** Told behind a state. A start anew is a gap too, and is judged as such; within a stream there is none. */
  gap(reason: StateReason): void {
    if (this.restarts.at(-1)?.reason !== reason || !this.#beganAnew) this.complain(`was told of a gap: ${reason}`);
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

/** What the bench knows of an event's data. */
export interface Told {
  id?: string;
  marker?: string;
  channels?: string[];
  notification?: { id: string; title: string };
  question?: {
    id: string;
    message: string;
    answer: { content: { value: string } | null } | null;
    expiresAt: string | null;
  };
  run?: RunSeen & { title: string };
}

/** What an event is about: a notification by its id and title, an app's own event by its marker, access by what changes. */
export function whatOf(type: string, data: unknown): string {
  const { notification, question, run, id, marker, channels } = data as Told;
  if (notification !== undefined) return `${notification.id} ${notification.title}`;
  if (question !== undefined) return `${type} ${question.id} ${question.answer?.content?.value}`;
  if (run !== undefined) return `${type} ${run.title} ${run.status} ${run.progress}`;
  return `${type} ${id ?? marker ?? channels}`;
}

function stateSeen({ notifications, questions, runs }: StateFrame): StateSeen {
  const { items, unread, unseen } = notifications;
  return {
    items: items.map(({ id }) => id),
    unread,
    unseen,
    questions: questions.map(({ id }) => id),
    runs: runs.map(({ id, status, progress }) => ({ id, status, progress })),
    at: Date.now(),
  };
}

function owesState(id: string): boolean {
  return id.endsWith('-s');
}

/** An id that owes a state is of the same position. */
function plain(id: string): string {
  return owesState(id) ? id.slice(0, -2) : id;
}
