import type { AnswerAction, BelfryError, Json, Question, QuestionSchema, Subject } from '@belfry/protocol';
import type { StatusValue } from '../status.ts';
import type { Readable } from '../store.ts';
import type { SubjectRef } from '../subject.ts';

/** A question as this client shows it: `status` and `answer` hold what was done here before the server has said so. */
export interface QuestionItem extends Question {
  /** Something that was done here, an answer or a cancelling, or asking it, is on its way to the server. */
  pending: boolean;
  /** It was closed, and not from here: by whom, says `answer.by`; of one that expired or was cancelled, nobody. */
  elsewhere: boolean;
  /** Why the last answer given here was not taken; `error.field` names the field, as `content.value`. */
  error: BelfryError | null;
}

export interface QuestionsSnapshot {
  /** To be answered by this person, the newest first; those closed a moment ago among them, until dismissed. */
  items: readonly QuestionItem[];
  /** How many of `items` are open. */
  open: number;
  /** What this person asked services, the newest first: open and answered. */
  asked: readonly QuestionItem[];
  status: StatusValue;
  /** The principal may look but not touch: nothing is sent. */
  readOnly: boolean;
  /** Nothing has come yet. */
  loading: boolean;
  /** Why the last action was taken back, or the stream does not start. */
  error: BelfryError | null;
}

export interface AnswerInput {
  action: AnswerAction;
  /** By the question's schema; left out where it is declined. */
  content?: Json;
}

/** What a person asks services. Without options and schema the answer is text. */
export interface AskInput {
  message: string;
  description?: string | null;
  options?: readonly (string | { value: string; title?: string })[] | null;
  schema?: QuestionSchema | null;
  subject?: Subject | null;
  data?: Json;
  expiresInSeconds?: number | null;
}

/** Questions that stay right. What is done shows at once; what the server refuses is taken back and `error` says why. */
export interface Questions extends Readable<QuestionsSnapshot> {
  /** Whether this answer is the one that counts; never rejects. False: the item shows who was first, or its `error`. */
  answer: (id: string, answer: AnswerInput) => Promise<boolean>;
  /** Null: `error` of the snapshot says why. */
  ask: (input: AskInput) => Promise<Question | null>;
  /** Takes back a question of one's own. */
  cancel: (id: string) => Promise<boolean>;
  /** Stops showing a question that is closed. An open one stays. */
  dismiss: (id: string) => void;
  /** Those about one thing. */
  about: (subject: SubjectRef) => Readable<QuestionsSnapshot>;
  /** Milliseconds until it expires, by the server's clock; null where it does not, or nothing has come yet. */
  timeLeft: (question: Pick<Question, 'expiresAt'>) => number | null;
}
