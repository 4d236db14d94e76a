import type { Answer, Channel, Json, Question, QuestionSchema, QuestionStatus, Subject } from '@belfry/protocol';

interface QuestionContent {
  /** Markdown, at most 4,000 characters. */
  description?: string | null;
  subject?: Subject | null;
  /** Who is meant to answer. All whom it was sent to may. */
  assignee?: string | null;
  /** At most 16 KB of JSON. */
  data?: Json;
  /** RFC 3339. A process that asks again after a restart gives `expiresInSeconds` instead, which stays the same. */
  expiresAt?: string | null;
  expiresInSeconds?: number | null;
}

/** What `POST /v1/questions` takes. Without options and schema the answer is text. */
export interface QuestionInput extends QuestionContent {
  /** Left out where services answer. */
  to?: Channel | readonly Channel[] | null;
  /** At most 1,000 characters. */
  message: string;
  /** At most 100. */
  options?: readonly (string | { value: string; title?: string })[] | null;
  /** A flat JSON Schema, as of MCP elicitation. Instead of options. */
  schema?: QuestionSchema | null;
  /** The id of the run that waits for it. */
  run?: string | null;
  /** `person` by default. */
  answerBy?: 'person' | 'service' | null;
}

/** What `PATCH /v1/questions/{id}` takes. What is left out stays; null clears. */
export interface QuestionPatch extends QuestionContent {
  message?: string;
}

/** A question that somebody accepted or declined: see `answer.action`. */
export type AnsweredQuestion = Question & { status: 'answered'; answer: Answer };

/** A question that nobody will answer any more. */
export type UnansweredQuestion = Question & { status: 'expired' | 'cancelled' };

/** How asking ends. Look at `status` first. */
export type ClosedQuestion = AnsweredQuestion | UnansweredQuestion;

export interface QuestionFilter {
  /** Only what was sent to these; a `topic:` prefix may end in `*`. */
  channels?: readonly string[];
  status?: readonly QuestionStatus[];
  subject?: Pick<Subject, 'kind' | 'id'>;
  /** 50 by default, at most 100. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}
