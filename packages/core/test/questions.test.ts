import { newAnswer, newQuestion, parseWith, questionPatch } from '@belfry/protocol/schemas';
import { describe, expect, it, vi } from 'vitest';
import { openCore, person, refusal, service } from './support.ts';

const ask = (body: object) => parseWith(newQuestion, body);

describe('questions', () => {
  it('that fell due while nothing ran expire at the first start after, in every tenant', async () => {
    const core = await openCore();
    const body = ask({ to: 'all', message: 'Now?', expiresInSeconds: 60 });
    const asked = [
      await core.questions.ask(service(), body),
      await core.questions.ask(service({ tenant: 'acme' }), body),
    ];
    core.advance(61_000);
    core.sweeper.start();
    const expired = () => core.announced.filter(({ type }) => type === 'question.expired');
    await vi.waitUntil(() => expired().length === 2, { timeout: 30_000, interval: 5 });
    const ids = expired().map(({ data }) => JSON.parse(data).question.id);
    expect(ids.sort()).toEqual(asked.map(({ value }) => value.id).sort());
    await core.end();
  });

  it('that have no addressee, or have ended before they began, are refused by name', async () => {
    const core = await openCore();
    expect(await refusal(core.questions.ask(service(), ask({ message: 'Who?' })))).toMatchObject({ field: 'to' });
    const past = ask({ to: 'all', message: 'When?', expiresAt: '2020-01-01T00:00:00Z' });
    expect(await refusal(core.questions.ask(service(), past))).toMatchObject({ field: 'expiresAt' });
    await core.end();
  });

  it('of a person go to services, and an answer without content is an empty one', async () => {
    const core = await openCore();
    const schema = { type: 'object', properties: { note: { type: 'string' } } };
    const { value } = await core.questions.ask(person('ada', { name: 'Ada' }), ask({ message: 'Well?', schema }));
    expect(value).toMatchObject({ answerBy: 'service', askedBy: { user: 'ada', name: 'Ada' } });
    const answer = parseWith(newAnswer, { action: 'accept' });
    const answered = await core.questions.answer(service({ key: 'agent' }), value.id, answer);
    expect(answered.value.answer).toMatchObject({ content: {}, by: { user: 'agent', name: null } });
    await core.end();
  });

  it('lose their end by an edit with either of its names', async () => {
    const core = await openCore();
    for (const patch of [{ expiresAt: null }, { expiresInSeconds: null }]) {
      const { value } = await core.questions.ask(service(), ask({ to: 'all', message: 'x', expiresInSeconds: 60 }));
      const edited = await core.questions.edit('default', value.id, parseWith(questionPatch, patch));
      expect(edited.expiresAt).toBeNull();
    }
    await core.end();
  });
});
