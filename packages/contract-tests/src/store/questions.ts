import { describe, expect, test } from 'vitest';
import { everyEvent, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { answer, ask, askAs, questionDraft } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

/** What becomes of a question: one answer at most, or an end. */
export function questionSuite(open: SharedStore): void {
  describe('questions', () => {
    test('a question is stored with its event, for everyone it was sent to', async () => {
      const { store } = open();
      const tenant = newTenant();
      const draft = questionDraft({ to: ['role:admin', 'user:ada', 'role:admin'], description: '**Why**' });
      const { out, events } = await store.commit('ask', { tenant, draft });
      const { expiresInMs: _, to: __, ...asked } = draft;
      expect(out.question).toEqual({ ...asked, status: 'open', answer: null, createdAt: events[0]?.time });
      expect(events).toMatchObject([{ type: 'question.opened', to: ['role:admin', 'user:ada'], tenant }]);
      expect(JSON.parse(events[0]?.data as string)).toEqual({ question: out.question });
      expect(await store.read('question', { tenant, id: draft.id })).toEqual({
        question: out.question,
        to: ['role:admin', 'user:ada'],
      });
      expect(await everyEvent(store, tenant, ['role:admin'])).toHaveLength(1);
    });

    test('one whose id is taken leaves nothing behind that would be in the way of the next', async () => {
      const { store } = open();
      const tenant = newTenant();
      const { id } = await ask(store, tenant);
      expect((await refusal(ask(store, tenant, { id }))).code).toBe('invalid');
      const works = [ask(store, tenant), ask(store, tenant, { id }), ask(store, tenant)];
      expect((await Promise.allSettled(works)).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect((await everyEvent(store, tenant)).map(({ n }) => n)).toEqual([1, 2, 3]);
    });

    test('the first answer wins, the second is told it, and nothing else is appended', async () => {
      const { store } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant, { to: ['role:admin'] });
      const [ada, ben] = ['ada', 'ben'].map((user) => reader(tenant, user, { roles: ['admin'] }));
      const first = await answer(store, ada!, question);
      expect(first.out.question).toMatchObject({
        status: 'answered',
        answer: { action: 'accept', content: { value: 'yes' }, by: { user: 'ada' }, at: first.events[0]?.time },
      });
      expect(first.events).toMatchObject([{ type: 'question.answered', to: ['role:admin'] }]);
      const second = await refusal(answer(store, ben!, question, { value: 'no' }));
      expect(second).toMatchObject({ code: 'already_answered', answer: first.out.question.answer });
      expect(await everyEvent(store, tenant)).toHaveLength(2);
    });

    test('of answers that race in one group exactly one is first', async () => {
      const { store } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant, { to: ['all'] });
      const readers = Array.from({ length: 20 }, (_, at) => reader(tenant, `p${at}`));
      const settled = await Promise.allSettled(readers.map((who) => answer(store, who, question)));
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await everyEvent(store, tenant)).toHaveLength(2);
    });

    test('who was not asked does not learn that there is a question', async () => {
      const { store } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant, { to: ['topic:p/1'] });
      const strangers = [reader(tenant, 'ada'), reader(newTenant(), 'ada', { channels: ['topic:p/*'] })];
      for (const who of strangers) {
        expect(await store.read('question', { tenant: who.tenant, reader: who, id: question.id })).toBeNull();
        expect((await refusal(answer(store, who, question))).code).toBe('not_found');
        const cancel = store.commit('cancelQuestion', { tenant: who.tenant, reader: who, id: question.id });
        expect((await refusal(cancel)).code).toBe('not_found');
      }
      const holder = reader(tenant, 'ben', { channels: ['topic:p/*'] });
      expect((await answer(store, holder, question)).out.question.status).toBe('answered');
    });

    test('people and services each answer what is theirs to answer', async () => {
      const { store } = open();
      const tenant = newTenant();
      const [forPeople, forServices] = [await ask(store, tenant), await askAs(store, tenant, 'ada')];
      const by = { user: 'key', name: null };
      const asService = (id: string) =>
        store.commit('answer', { tenant, id, by, action: 'accept', content: { value: 'no' } });
      expect((await refusal(asService(forPeople.id))).code).toBe('forbidden');
      expect((await refusal(answer(store, reader(tenant, 'ada'), forServices))).code).toBe('forbidden');
      expect((await asService(forServices.id)).out.question.answer?.by).toEqual(by);
    });

    test('an answer off schema names its field and leaves the question open', async () => {
      const { store } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant);
      const ada = reader(tenant, 'ada');
      for (const [content, field] of [
        [{ value: 'maybe' }, 'content.value'],
        [{}, 'content.value'],
        [{ value: 'yes', more: 1 }, 'content.more'],
        ['yes', 'content'],
      ] as const) {
        expect(await refusal(answer(store, ada, question, content))).toMatchObject({ code: 'invalid', field });
      }
      const by = { user: 'ada', name: 'Ada' };
      const declined = { tenant, reader: ada, id: question.id, by, action: 'decline', content: null } as const;
      expect((await store.commit('answer', declined)).out.question.answer).toMatchObject({ action: 'decline', by });
    });

    test('an answer that comes again with its idempotency key is the same answer', async () => {
      const { store } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant);
      const by = { user: 'ada', name: null };
      const input = {
        tenant,
        reader: reader(tenant, 'ada'),
        id: question.id,
        by,
        action: 'decline',
        content: null,
      } as const;
      const idempotency = { key: 'k', fingerprint: 'f' };
      const first = await store.commit('answer', input, idempotency);
      const again = await store.commit('answer', input, idempotency);
      expect(again).toMatchObject({ replayed: true, out: first.out, events: [] });
    });

    test('is cancelled by services and by the person who asked, once, and takes no answer after', async () => {
      const { store } = open();
      const tenant = newTenant();
      const [ada, ben] = [reader(tenant, 'ada'), reader(tenant, 'ben')];
      const question = await ask(store, tenant, { to: ['all'] });
      const own = await askAs(store, tenant, 'ada');
      expect((await refusal(store.commit('cancelQuestion', { tenant, reader: ben, id: question.id }))).code).toBe(
        'forbidden',
      );
      const cancelled = await store.commit('cancelQuestion', { tenant, id: question.id });
      expect(cancelled.events).toMatchObject([{ type: 'question.cancelled', to: ['all'] }]);
      expect((await store.commit('cancelQuestion', { tenant, id: question.id })).events).toEqual([]);
      expect((await refusal(answer(store, ben, question))).code).toBe('expired');
      const mine = await store.commit('cancelQuestion', { tenant, reader: ada, id: own.id });
      expect(mine.out.question.status).toBe('cancelled');
    });

    test('an edit changes what is said and not who may answer, and only while it is open', async () => {
      const { store } = open();
      const tenant = newTenant();
      const subject = { kind: 'story', id: '7' };
      const question = await ask(store, tenant, { subject: { kind: 'idea', id: '1' } });
      const patch = { message: 'Ship it now?', subject };
      const { out, events } = await store.commit('editQuestion', { tenant, id: question.id, patch });
      expect(out.question).toEqual({ ...question, ...patch });
      expect(events).toMatchObject([{ type: 'question.updated', to: ['user:ada'] }]);
      const query = { subject, before: null, limit: 10 };
      expect((await store.read('questions', { tenant, query })).items).toEqual([out.question]);
      await answer(store, reader(tenant, 'ada'), question);
      const late = store.commit('editQuestion', { tenant, id: question.id, patch });
      expect((await refusal(late)).code).toBe('already_answered');
    });
  });
}
