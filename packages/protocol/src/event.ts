import type { Channel } from './channel.ts';
import type { Counts, Json, Mark, Notification, NotificationContent, ServiceNotification } from './notification.ts';
import type { Question } from './question.ts';
import type { Run, RunLine } from './run.ts';

/** Every device of a person follows what one of them did. */
export interface MarkChange extends Counts {
  /** The items meant by name. Empty where `upTo` says it. */
  ids: string[];
  /** Everything up to this cursor. */
  upTo?: string;
  /** With `upTo`: only these notification types. */
  types?: string[];
  mark: Mark;
  at: string;
  /** A hash of the grants (and the token's `since`) that the counts are for. Streams with others get their own. */
  countedFor?: string;
  /**
   * The cursor that a stream's own counts stand at. It may be further on than this event: what follows up to there is
   * in the counts already.
   */
  countsAt?: string;
}

/** What the `data` of each of Belfry's own events holds. */
export interface EventData {
  'notification.created': { notification: Notification | ServiceNotification };
  /**
   * What the sender changed. The three marks and `channel` stay as the reader has them: an edit never moves them,
   * and one frame serves every reader.
   */
  'notification.updated': { notification: NotificationContent & { channel: Channel } };
  'notification.withdrawn': { id: string };
  'notification.state': MarkChange;
  'question.opened': { question: Question };
  'question.updated': { question: Question };
  'question.answered': { question: Question };
  'question.expired': { question: Question };
  /** `reason` where nobody took it back: the run that it is about has finished. */
  'question.cancelled': { question: Question; reason?: 'run_finished' };
  'run.created': { run: Run };
  'run.updated': { run: Run };
  'run.finished': { run: Run };
  /** Only in the run's own stream. */
  'run.log': { lines: RunLine[] };
  'access.granted': { channels: string[] };
  'access.revoked': { channels: string[] };
}

export type BelfryEventType = keyof EventData;

/** The JSON of an unnamed `message`. An app's own events have a `type` of their own and any `data`. */
export interface EventEnvelope<Data = Json> {
  type: string;
  channel: Channel;
  time: string;
  data: Data;
}

/** One of Belfry's own events, told apart by `type`. */
export type BelfryEvent = {
  [Type in BelfryEventType]: EventEnvelope<EventData[Type]> & { type: Type };
}[BelfryEventType];
