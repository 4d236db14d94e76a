import type { Question } from '@belfry/protocol';
import type { AskInput, QuestionItem } from './questions.ts';

/** Questions that were asked here and that the server has not answered for yet. */
export class Drafts {
  #list: QuestionItem[] = [];
  #count = 0;

  get items(): readonly QuestionItem[] {
    return this.#list;
  }

  add(input: AskInput, me: QuestionItem['askedBy'], at: string): QuestionItem {
    this.#count += 1;
    const { message, description = null, subject = null, data = null, schema } = input;
    const draft: QuestionItem = {
      id: `draft-${this.#count}`,
      message,
      description,
      schema: schema ?? { type: 'object', properties: {} },
      subject,
      assignee: null,
      run: null,
      status: 'open',
      answerBy: 'service',
      askedBy: me,
      answer: null,
      createdAt: at,
      expiresAt: null,
      data,
      pending: true,
      elsewhere: false,
      error: null,
    };
    this.#list = [...this.#list, draft];
    return draft;
  }

  /** The event may be here before the answer to the call: the two are one question. */
  arrived({ answerBy, message, askedBy }: Question): void {
    if (answerBy !== 'service') return;
    const own = this.#list.find((draft) => draft.message === message && draft.askedBy?.user === askedBy?.user);
    if (own !== undefined) this.remove(own);
  }

  remove(draft: QuestionItem): void {
    this.#list = this.#list.filter((one) => one !== draft);
  }
}
