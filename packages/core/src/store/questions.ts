import type { Answer, Channel, Json, Page, Question, QuestionStatus } from '@belfry/protocol';
import type { Reader } from '../principal.ts';

/** A question before the log has given it its times. Of the two ways to say when it ends, at most one is set. */
export interface QuestionDraft extends Omit<Question, 'status' | 'answer' | 'createdAt'> {
  to: Channel[];
  /** Counted from the store's clock, and not kept. */
  expiresInMs: number | null;
}

/** What may be edited while it is open. An absent field stays as it is. */
export type QuestionPatch = Partial<
  Pick<Question, 'message' | 'description' | 'subject' | 'assignee' | 'data' | 'expiresAt'>
> & { expiresInMs?: number };

export interface QuestionQuery {
  /** Absent: all. */
  statuses?: readonly QuestionStatus[];
  /** Only what was sent to these channels and prefix grants. */
  channels?: readonly string[];
  subject?: { kind: string; id: string };
  before: number | null;
  limit: number;
}

/** A question, and everyone it was sent to. */
export interface AskedQuestion {
  question: Question;
  to: Channel[];
}

export interface QuestionWrites {
  /**
   * Appends `question.opened`. `invalid` where it would have ended already, and for a `run` that is not there or that the
   * person who asks, the `reader`, does not see. While a service's question about a run is open, the run is
   * `input_required`; it is `running` again once the last such question is closed, unless it says something else by then.
   */
  ask: { in: { tenant: string; draft: QuestionDraft; reader?: Reader }; out: { question: Question } };
  /**
   * The first answer, and `question.answered`. Without a `reader` it is a service's, or with `vouched` a person's by the
   * word of their application, and then nobody looks whether they were asked. `not_found` where the reader was not
   * asked, `forbidden` for the wrong kind of answerer, `invalid` off schema, `already_answered` with the answer that
   * was first, `expired` past its time by the store's clock and once cancelled.
   */
  answer: {
    in: {
      tenant: string;
      id: string;
      reader?: Reader;
      vouched?: true;
      by: Answer['by'];
      action: Answer['action'];
      /** Null where it is declined. */
      content: Json;
    };
    out: { question: Question };
  };
  /** Refuses as `answer` does what is no longer open. */
  editQuestion: { in: { tenant: string; id: string; patch: QuestionPatch }; out: { question: Question } };
  /** By a service, or by the person who asked. Once cancelled it stays so, and nothing is appended. */
  cancelQuestion: { in: { tenant: string; id: string; reader?: Reader }; out: { question: Question } };
}

export interface QuestionReads {
  /** Null also where the reader was not asked. Without a reader: as services see it. */
  question: { in: { tenant: string; id: string; reader?: Reader }; out: AskedQuestion | null };
  questions: { in: { tenant: string; reader?: Reader; query: QuestionQuery }; out: Page<Question> };
}
