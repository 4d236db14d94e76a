import type { TurnedAhead } from './check/turned-ahead.ts';

/**
 * What became of one call or transaction. `kept`: answered 2xx, or its COMMIT confirmed. `refused`: answered 4xx.
 * `undone`: rolled back by its sender, or lost before its COMMIT was sent. `unknown`: cut off, or answered 5xx, and not
 * tried again: it may have happened, once, or not. `found`: it was unknown, and a row that was committed with it shows
 * that it happened.
 */
export type Outcome = 'kept' | 'refused' | 'undone' | 'unknown' | 'found';

/** One publish: a notification, a batch of them, an app's own event, or all that one SQL transaction published. */
export interface Sent {
  writer: number;
  /** One a notification or event, in order. */
  markers: readonly string[];
  /** Where each was sent, in the same order. Absent: not to be compared. */
  addresses?: readonly (readonly string[])[];
  outcome: Outcome;
  /** Where the answer says each stands. Empty for what SQL publishes, and unless kept. */
  cursors: readonly string[];
  /** Whether the answer was a repeat of an earlier one that was lost. */
  replayed: boolean;
  /** By `performance.now()`: when its transaction began. */
  begunAt?: number;
  /** Nobody can have been given it before, as it was not committed. */
  notBefore?: number;
  /** When its COMMIT was confirmed; absent where it was not. */
  keptAt?: number;
  /** Of the row that the same transaction has written for itself. */
  row?: string;
}

/** From when to when a transaction that had published something stayed open. */
export interface Hold {
  from: number;
  to: number;
}

/** A topic or role given to a person, or taken from one or, where `user` is null, from everybody. */
export interface AccessCall {
  isGrant: boolean;
  user: string | null;
  channel: string;
  /** Each may have taken effect, the answered one has. */
  tries: number;
  isAnswered: boolean;
}

/**
 * What became of one person's answer. `won`: 200. `beaten`: 409. `late`: 410, it had expired or was cancelled. `unknown`:
 * cut off and not tried again: it may be the first, or not count.
 */
export interface AnswerTry {
  user: string;
  /** No other answer is the same. */
  value: string;
  outcome: 'won' | 'beaten' | 'late' | 'unknown';
  /** The answer that was first, as they were told; null where they were not. */
  first: string | null;
}

/**
 * What became of taking a question back, or of editing it. `done`: 200. `beaten`: 409, it was answered. `late`: 410, it
 * had expired or was cancelled. `unknown`: no answer came. `none`: it was not tried.
 */
export type Meddled = 'done' | 'beaten' | 'late' | 'unknown' | 'none';

/** How a question stood when a `?wait=` was over. */
export interface WaitedFor {
  status: string;
  /** The answer that it then had. */
  answer: string | null;
}

/** One question as those who asked, answered and waited know it. */
export interface AskedQuestion {
  id: string;
  /** No other question has the same. */
  message: string;
  to: readonly string[];
  /** It has a time after which nobody can answer it. */
  expires: boolean;
  cancelled: Meddled;
  edited: Meddled;
  tries: readonly AnswerTry[];
  /** What each `?wait=` was answered; null where it never was over. */
  waits: readonly (WaitedFor | null)[];
}

/** What one follower of a run was given, over however many connections. */
export interface RunFollowing {
  /** In the order in which they came. */
  readonly lines: readonly { n: number; text: string }[];
  /** What went against the contract on the way, in words. */
  readonly complaints: readonly string[];
  /** What `done` said; null where it never came. */
  readonly status: string | null;
  /** Coming back was answered 204. */
  readonly isOver: boolean;
  /** Coming back was answered 404: they see it no more. */
  readonly isShutOut: boolean;
}

/** What somebody was given who lost the run while they followed it. */
export interface LostRun {
  readonly following: RunFollowing;
  /** How many of its lines had been acknowledged when the loss was: each later one was asked for after that. Null: it never was. */
  readonly at: number | null;
}

/** One run as its reporter and its followers know it. */
export interface ReportedRun {
  id: string;
  /** No other run has the same. */
  title: string;
  to: readonly string[];
  /** Every line that was acknowledged, in order. */
  lines: readonly string[];
  followings: readonly RunFollowing[];
  /** Of those who lost it. */
  lost: readonly LostRun[];
}

/** Everything that was sent, as the senders know it. */
export class Ledger {
  readonly sent: Sent[] = [];
  readonly holds: Hold[] = [];
  readonly access: AccessCall[] = [];
  readonly questions: AskedQuestion[] = [];
  readonly runs: ReportedRun[] = [];
  readonly turns: TurnedAhead[] = [];
  /** What went against the contract on the way, in words. */
  readonly complaints: string[] = [];

  add(sent: Sent): void {
    this.sent.push(sent);
  }

  get size(): number {
    return this.sent.length;
  }

  /** Decides what nobody was told by the rows that are there. */
  settle(rows: ReadonlySet<string>): void {
    for (const sent of this.sent) {
      if (sent.row === undefined) continue;
      const isThere = rows.has(sent.row);
      if (sent.outcome === 'unknown') sent.outcome = isThere ? 'found' : 'undone';
      else if (isThere === (sent.outcome === 'undone'))
        this.complaints.push(`the row of ${sent.row}, ${sent.outcome}, is ${isThere ? 'there' : 'not there'}`);
    }
  }
}
