import type { QuestionQuery } from '@belfry/core';
import { type Page, parseCursor, type Question } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { answer, ask, askAs, idsOf, stateQuestions } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

function query(over: Partial<QuestionQuery> = {}): QuestionQuery {
  return { before: null, limit: 100, ...over };
}

/** Which questions are found, and in which order. */
export function questionListSuite(open: SharedStore): void {
  describe('lists of questions', () => {
    test('a person finds those sent to a channel that they hold, once, newest first, whatever their age', async () => {
      const { store } = open();
      const tenant = newTenant();
      const both = await ask(store, tenant, { to: ['user:ada', 'topic:p/1'] });
      await ask(store, tenant, { to: ['user:ben'] });
      const topic = await ask(store, tenant, { to: ['topic:p/2'] });
      const who = reader(tenant, 'ada', { channels: ['topic:p/*'], since: Date.now() + 3_600_000 });
      expect(idsOf((await store.read('questions', { tenant, reader: who, query: query() })).items)).toEqual([
        topic.id,
        both.id,
      ]);
      expect(idsOf(await stateQuestions(store, who))).toEqual([topic.id, both.id]);
    });

    test('filters by status and by subject, for people and for services', async () => {
      const { store } = open();
      const tenant = newTenant();
      const [story, idea] = [
        { kind: 'story', id: '1' },
        { kind: 'idea', id: '1' },
      ];
      const ada = reader(tenant, 'ada');
      const answered = await ask(store, tenant, { subject: story });
      const cancelled = await ask(store, tenant, { subject: idea });
      const opened = await ask(store, tenant, { subject: story, to: ['all'] });
      const bens = await ask(store, tenant, { subject: story, to: ['user:ben'] });
      await answer(store, ada, answered);
      await store.commit('cancelQuestion', { tenant, id: cancelled.id });
      const seen = async (over: Partial<QuestionQuery>) => {
        const forAda = await store.read('questions', { tenant, reader: ada, query: query(over) });
        const forService = await store.read('questions', { tenant, query: query(over) });
        return [idsOf(forAda.items), idsOf(forService.items)];
      };
      expect(await seen({ statuses: ['open'] })).toEqual([[opened.id], [bens.id, opened.id]]);
      expect(await seen({ statuses: ['answered', 'cancelled'] })).toEqual([
        [cancelled.id, answered.id],
        [cancelled.id, answered.id],
      ]);
      expect(await seen({ subject: story })).toEqual([
        [opened.id, answered.id],
        [bens.id, opened.id, answered.id],
      ]);
      expect(await seen({ subject: story, statuses: ['open'] })).toEqual([[opened.id], [bens.id, opened.id]]);
      expect(await seen({ subject: { kind: 'story', id: '2' } })).toEqual([[], []]);
    });

    test('pages lead through all of them, and each page has a cursor until the last', async () => {
      const { store } = open();
      const tenant = newTenant();
      const asked: string[] = [];
      for (let at = 0; at < 7; at += 1) asked.unshift((await ask(store, tenant, { to: ['all', 'user:ada'] })).id);
      for (const who of [undefined, reader(tenant, 'ada')]) {
        const found: string[] = [];
        let before: number | null = null;
        for (let page = 1; ; page += 1) {
          const as = who === undefined ? { tenant } : { tenant, reader: who };
          const list: Page<Question> = await store.read('questions', { ...as, query: query({ before, limit: 3 }) });
          found.push(...idsOf(list.items));
          if (list.nextCursor === null) break;
          expect(page).toBeLessThan(4);
          before = parseCursor(list.nextCursor)?.n ?? null;
        }
        expect(found).toEqual(asked);
      }
    });

    test('a page that looks at very many without a fit ends with a cursor to go on from', async () => {
      const { store } = open();
      const tenant = newTenant();
      const wanted = await ask(store, tenant, { to: ['user:ada'], subject: { kind: 'story', id: '1' } });
      const asked = Array.from({ length: 5_100 }, () =>
        ask(store, tenant, { to: ['user:ben'], subject: { kind: 'story', id: '1' } }),
      );
      await Promise.all(asked);
      const subject = { kind: 'story', id: '1' };
      const as = { tenant, reader: reader(tenant, 'ada') };
      const first = await store.read('questions', { ...as, query: query({ subject }) });
      expect(first.items).toEqual([]);
      const before = parseCursor(first.nextCursor ?? '')?.n ?? null;
      const second = await store.read('questions', { ...as, query: query({ subject, before }) });
      expect(second).toMatchObject({ items: [{ id: wanted.id }], nextCursor: null });
    }, 60_000);
  });

  describe('questions in the state', () => {
    test('stand at the position of the state, and leave it once they are answered', async () => {
      const { store } = open();
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      await publishOne(store, tenant);
      const question = await ask(store, tenant);
      const state = await store.read('state', { reader: ada, limit: 50 });
      expect(state).toMatchObject({ at: { n: 2 }, questions: [question], notifications: { items: [{}] } });
      await answer(store, ada, question);
      expect(await stateQuestions(store, ada)).toEqual([]);
    });

    test('has the newest 100 to answer, and beside them the own 100, pending and answered, not the cancelled', async () => {
      const { store } = open();
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const others: string[] = [];
      const own: string[] = [];
      for (let at = 0; at < 102; at += 1) {
        others.unshift((await ask(store, tenant, { to: ['all'] })).id);
        own.unshift((await askAs(store, tenant, 'ada')).id);
      }
      await askAs(store, tenant, 'ben');
      const [cancelled, answered] = own as [string, string];
      await store.commit('cancelQuestion', { tenant, id: cancelled });
      const by = { user: 'key', name: null };
      await store.commit('answer', { tenant, id: answered, by, action: 'decline', content: null });
      const found = await stateQuestions(store, ada);
      expect(idsOf(found.filter(({ askedBy }) => askedBy === null))).toEqual(others.slice(0, 100));
      expect(idsOf(found.filter(({ askedBy }) => askedBy?.user === 'ada'))).toEqual(own.slice(1, 101));
      expect(found).toHaveLength(200);
      expect(found[1]).toMatchObject({ id: answered, status: 'answered' });
    });

    test('a service has all that are open in its tenant, or on the channels it follows', async () => {
      const { store } = open();
      const tenant = newTenant();
      const first = await ask(store, tenant, { to: ['topic:a'] });
      const second = await askAs(store, tenant, 'ada');
      await answer(store, reader(tenant, 'ada'), await ask(store, tenant));
      const all = { everything: true, exact: [], prefixes: [] };
      const some = { everything: false, exact: [], prefixes: ['topic:'] };
      const state = async (grants: typeof some | typeof all) =>
        idsOf((await store.read('serviceState', { tenant, grants, limit: 50 })).questions);
      expect(await state(all)).toEqual([second.id, first.id]);
      expect(await state(some)).toEqual([first.id]);
    });

    test('a reader of very many channels still gets the newest', async () => {
      const { store } = open();
      const tenant = newTenant();
      const channels = Array.from({ length: 200 }, (_, at) => `topic:p/${at}`);
      const question = await ask(store, tenant, { to: ['topic:p/150'] });
      await ask(store, tenant, { to: ['topic:q'] });
      expect(idsOf(await stateQuestions(store, reader(tenant, 'ada', { channels })))).toEqual([question.id]);
    });
  });
}
