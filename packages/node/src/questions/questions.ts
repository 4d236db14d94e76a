import type { Page, Question } from '@belfry/protocol';
import type { Api } from '../api.ts';
import { exactJson } from '../exact-json.ts';
import type { CallOptions, CreateOptions } from '../options.ts';
import { filterQuery } from '../query.ts';
import { closed } from './ask.ts';
import type { ClosedQuestion, QuestionFilter, QuestionInput, QuestionPatch } from './input.ts';

export interface Questions {
  /** Asks without waiting for the answer. */
  open: (question: QuestionInput, options?: CreateOptions) => Promise<Question>;
  /** Waits until it is answered, expired or cancelled. */
  closed: (id: string, options?: CallOptions) => Promise<ClosedQuestion>;
  get: (id: string, options?: CallOptions) => Promise<Question>;
  /** Newest first. */
  list: (filter?: QuestionFilter, options?: CallOptions) => Promise<Page<Question>>;
  /** Changes an open question: not who is asked, nor what may be answered. */
  edit: (id: string, patch: QuestionPatch, options?: CallOptions) => Promise<Question>;
  /** Takes an open question back. Again is harmless. */
  cancel: (id: string, options?: CallOptions) => Promise<Question>;
}

export function questionsOf(api: Api): Questions {
  const pathOf = (id: string): string => `/v1/questions/${encodeURIComponent(id)}`;
  return {
    open: async (question, options) => api.create('/v1/questions', exactJson(question), options),
    closed: (id, { signal } = {}) => closed(api, id, signal),
    get: (id, { signal } = {}) => api.call(pathOf(id), { signal }),
    list: (filter = {}, { signal } = {}) => api.call('/v1/questions', { query: filterQuery(filter), signal }),
    edit: async (id, patch, { signal } = {}) =>
      api.call(pathOf(id), { method: 'PATCH', json: exactJson(patch), signal }),
    cancel: (id, { signal } = {}) => api.call(`${pathOf(id)}/cancel`, { method: 'POST', signal }),
  };
}
