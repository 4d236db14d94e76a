import type { Json, Subject } from './notification.ts';
import type { QuestionSchema } from './question-schema.ts';

export const QUESTION_STATUSES = ['open', 'answered', 'expired', 'cancelled'] as const;
export type QuestionStatus = (typeof QUESTION_STATUSES)[number];

export const ANSWER_ACTIONS = ['accept', 'decline'] as const;
export type AnswerAction = (typeof ANSWER_ACTIONS)[number];

export interface Answer {
  action: AnswerAction;
  /** What was filled in, by the schema. Null where it was declined. */
  content: Json;
  /** For a service, `user` is the id of its API key. */
  by: { user: string; name: string | null };
  at: string;
}

/** Something someone must answer. Times are RFC 3339 UTC with milliseconds. */
export interface Question {
  id: string;
  message: string;
  /** Markdown. */
  description: string | null;
  /** What an answer must look like. Options, and a question that was asked with neither, have the one property `value`. */
  schema: QuestionSchema;
  subject: Subject | null;
  assignee: string | null;
  /** The id of the run that waits for it. */
  run: string | null;
  status: QuestionStatus;
  answerBy: 'person' | 'service';
  /** The person who asked; null where a service did. */
  askedBy: { user: string; name: string | null } | null;
  answer: Answer | null;
  createdAt: string;
  expiresAt: string | null;
  data: Json;
}
