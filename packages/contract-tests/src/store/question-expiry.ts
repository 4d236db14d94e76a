import { describe, expect, test } from 'vitest';
import { everyEvent, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { answer, ask, idsOf, questionDraft, stateQuestions } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

/** Questions whose time is over. */
export function questionExpirySuite(open: SharedStore): void {
  describe('questions that expire', () => {
    const inSeconds = (seconds: number) => new Date(open().now() + seconds * 1_000).toISOString();
    const open50 = { statuses: ['open'], before: null, limit: 50 } as const;

    test('past its time nobody can answer, cancel or edit it; that it expired is told once it is swept', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const question = await ask(store, tenant, { expiresAt: inSeconds(100) });
      turnClock(101_000);
      expect((await refusal(answer(store, ada, question))).code).toBe('expired');
      expect((await refusal(store.commit('cancelQuestion', { tenant, id: question.id }))).code).toBe('expired');
      const edit = store.commit('editQuestion', { tenant, id: question.id, patch: { expiresAt: inSeconds(900) } });
      expect((await refusal(edit)).code).toBe('expired');
      expect((await store.read('questions', { tenant, reader: ada, query: open50 })).items).toEqual([]);
      // An answer in time may still be on its way to disk.
      const status = async () => (await store.read('question', { tenant, id: question.id }))?.question.status;
      expect(await status()).toBe('open');
      await store.commit('expire', { limit: 1_000 });
      expect(await status()).toBe('expired');
      expect(await stateQuestions(store, ada)).toEqual([]);
    });

    test('is swept with an event to everyone asked, in every tenant, the longest due first', async () => {
      const { store, turnClock } = open();
      const [tenant, other] = [newTenant(), newTenant()];
      await store.commit('expire', { limit: 1_000 });
      const later = await ask(store, tenant, { expiresInMs: 90_000, to: ['all', 'role:x'] });
      const sooner = await ask(store, tenant, { expiresAt: inSeconds(30) });
      const elsewhere = await ask(store, other, { expiresAt: inSeconds(60) });
      const kept = await ask(store, tenant, { expiresAt: inSeconds(10_000) });
      turnClock(100_000);
      const first = await store.commit('expire', { limit: 2 });
      const second = await store.commit('expire', { limit: 2 });
      const events = [...first.events, ...second.events].filter(({ type }) => type === 'question.expired');
      expect(events.map(({ data }) => JSON.parse(data).question.id)).toEqual([sooner.id, elsewhere.id, later.id]);
      expect(events[2]).toMatchObject({ tenant, to: ['all', 'role:x'] });
      expect(JSON.parse(events[2]?.data as string).question).toEqual({ ...later, status: 'expired' });
      expect(idsOf((await store.read('questions', { tenant, query: open50 })).items)).toEqual([kept.id]);
      const expired = { ...open50, statuses: ['expired'] as const };
      expect(idsOf((await store.read('questions', { tenant, query: expired })).items)).toEqual([sooner.id, later.id]);
      expect((await everyEvent(store, tenant, ['role:x'])).map(({ type }) => type)).toEqual([
        'question.opened',
        'question.expired',
      ]);
    });

    test('shares the limit of a sweep with notifications and leaves none of either', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      await ask(store, tenant, { expiresAt: inSeconds(10) });
      await publishOne(store, tenant, { expiresAt: inSeconds(10) });
      turnClock(20_000);
      const { out, events } = await store.commit('expire', { limit: 1_000 });
      expect(out.expired).toBeGreaterThanOrEqual(2);
      const types = events.filter((event) => event.tenant === tenant).map(({ type }) => type);
      expect(types).toEqual(['question.expired', 'notification.withdrawn']);
    });

    test('keeps to the time that an edit gave it', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const question = await ask(store, tenant, { expiresInMs: 10_000 });
      const longer = await store.commit('editQuestion', { tenant, id: question.id, patch: { expiresInMs: 60_000 } });
      expect(longer.out.question.expiresAt).not.toBe(question.expiresAt);
      turnClock(20_000);
      expect(await stateQuestions(store, reader(tenant, 'ada'))).toHaveLength(1);
      await store.commit('editQuestion', { tenant, id: question.id, patch: { expiresAt: null } });
      turnClock(120_000);
      expect(await stateQuestions(store, reader(tenant, 'ada'))).toHaveLength(1);
    });

    test('one that would have ended already is refused, unless it was asked before with the same key', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const draft = questionDraft({ expiresAt: inSeconds(10) });
      const idempotency = { key: 'k', fingerprint: 'f' };
      const first = await store.commit('ask', { tenant, draft }, idempotency);
      turnClock(20_000);
      const late = store.commit('ask', { tenant, draft: { ...draft, id: crypto.randomUUID() } });
      expect(await refusal(late)).toMatchObject({ code: 'invalid', field: 'expiresAt' });
      const again = await store.commit('ask', { tenant, draft }, idempotency);
      expect(again).toMatchObject({ replayed: true, out: first.out });
    });
  });
}
