import type { Question } from '@belfry/protocol';
import type { AskInput, QuestionItem } from './questions.ts';

/** Questions that were asked here and that the server has not answered for yet. */
export interface Drafts {
  items(): readonly QuestionItem[];
  add(input: AskInput, askedBy: QuestionItem['askedBy'], createdAt: string): QuestionItem;
  /** The event may be here before the answer to the call: the two are one question. */
  arrived(question: Question): void;
  remove(draft: QuestionItem | undefined): void;
}

export function createDrafts(): Drafts {
  let list: QuestionItem[] = [];
  let count = 0;
  const remove = (draft: QuestionItem | undefined): void => {
    list = list.filter((one) => one !== draft);
  };
  return {
    items: () => list,
    add: (input, askedBy, createdAt) => {
      count += 1;
      const draft = draftOf(`draft-${count}`, input, askedBy, createdAt);
      list = [...list, draft];
      return draft;
    },
    arrived: ({ answerBy, message, askedBy }) => {
      if (answerBy !== 'service') return;
      remove(list.find((draft) => draft.message === message && draft.askedBy?.user === askedBy?.user));
    },
    remove,
  };
}

function draftOf(id: string, input: AskInput, askedBy: QuestionItem['askedBy'], createdAt: string): QuestionItem {
  const { message, description = null, subject = null, data = null, schema } = input;
  return {
    id,
    message,
    description,
    schema: schema ?? { type: 'object', properties: {} },
    subject,
    assignee: null,
    run: null,
    status: 'open',
    answerBy: 'service',
    askedBy,
    answer: null,
    createdAt,
    expiresAt: null,
    data,
    pending: true,
    elsewhere: false,
    error: null,
  };
}
