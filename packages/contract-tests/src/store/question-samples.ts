import type { QuestionDraft, Reader, Store } from '@belfry/core';
import type { Json, Question } from '@belfry/protocol';

export function questionDraft(over: Partial<QuestionDraft> = {}): QuestionDraft {
  return {
    id: crypto.randomUUID(),
    to: ['user:ada'],
    message: 'Ship it?',
    description: null,
    schema: { type: 'object', properties: { value: { type: 'string', enum: ['yes', 'no'] } }, required: ['value'] },
    subject: null,
    assignee: null,
    run: null,
    answerBy: 'person',
    askedBy: null,
    expiresAt: null,
    expiresInMs: null,
    data: null,
    ...over,
  };
}

export async function ask(store: Store, tenant: string, over: Partial<QuestionDraft> = {}): Promise<Question> {
  return (await store.commit('ask', { tenant, draft: questionDraft(over) })).out.question;
}

/** As a person asks services. */
export function askAs(store: Store, tenant: string, user: string, over: Partial<QuestionDraft> = {}) {
  return ask(store, tenant, { to: [`user:${user}`], answerBy: 'service', askedBy: { user, name: null }, ...over });
}

export function answer(store: Store, reader: Reader, { id }: { id: string }, content: Json = { value: 'yes' }) {
  const by = { user: reader.user, name: null };
  return store.commit('answer', { tenant: reader.tenant, reader, id, by, action: 'accept', content });
}

export async function stateQuestions(store: Store, reader: Reader): Promise<Question[]> {
  return (await store.read('state', { reader, limit: 50 })).questions;
}

export function idsOf(list: readonly { id: string }[]): string[] {
  return list.map(({ id }) => id);
}
