import { logName, type RunChange } from '@belfry/core';
import type { Run } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { answer, ask, askAs, questionDraft } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

/** A run waits for as long as a question about it is open. */
export function runQuestionSuite(open: SharedStore): void {
  describe('questions about a run', () => {
    const store = () => open().store;

    async function running(tenant: string, timeoutMs: number | null = null): Promise<Run> {
      const about = { kind: 'build', title: 'A build', subject: null, data: null };
      const draft = { id: crypto.randomUUID(), to: ['user:ada'], timeoutMs, ...about };
      await store().commit('createRun', { tenant, draft });
      return change(tenant, draft.id, { status: 'running' });
    }
    const change = async (tenant: string, id: string, what: RunChange) =>
      (await store().commit('changeRun', { tenant, id, change: what, reader: null })).out.run;
    const statusOf = async (tenant: string, { id }: Run) =>
      (await store().read('run', { tenant, reader: null, id }))?.status;
    const cancel = (tenant: string, { id }: { id: string }) => store().commit('cancelQuestion', { tenant, id });
    const ada = (tenant: string) => reader(tenant, 'ada');

    test('makes it input_required with the question and running with the answer, in both logs and in this order', async () => {
      const tenant = newTenant();
      const run = await running(tenant);
      const asked = await store().commit('ask', { tenant, draft: questionDraft({ run: run.id }) });
      expect(asked.events.map(({ run: of, type }) => [of, type])).toEqual([
        [undefined, 'question.opened'],
        [undefined, 'run.updated'],
        [run.id, 'run.updated'],
      ]);
      expect(JSON.parse(asked.events[2]?.data as string).run.status).toBe('input_required');
      expect(await statusOf(tenant, run)).toBe('input_required');
      const { events } = await answer(store(), ada(tenant), asked.out.question);
      expect(events.map(({ run: of, type }) => [of, type])).toEqual([
        [undefined, 'question.answered'],
        [undefined, 'run.updated'],
        [run.id, 'run.updated'],
      ]);
      expect(JSON.parse(events[1]?.data as string).run).toMatchObject({ id: run.id, status: 'running' });
      expect(await statusOf(tenant, run)).toBe('running');
      const own = await everyEvent(store(), logName({ tenant, run: run.id }));
      expect(own.map(({ n }) => n)).toEqual([1, 2, 3]);
    });

    test('a run that was queued waits too, and runs after that', async () => {
      const tenant = newTenant();
      const about = { kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
      const draft = { id: crypto.randomUUID(), to: ['user:ada'], ...about };
      const { run } = (await store().commit('createRun', { tenant, draft })).out;
      const question = await ask(store(), tenant, { run: run.id });
      expect(await statusOf(tenant, run)).toBe('input_required');
      await cancel(tenant, question);
      expect(await statusOf(tenant, run)).toBe('running');
    });

    test('waits for the last of several, whichever way they end', async () => {
      const tenant = newTenant();
      const run = await running(tenant);
      const elsewhere = await running(tenant);
      const [first, second] = [
        await ask(store(), tenant, { run: run.id }),
        await ask(store(), tenant, { run: run.id }),
      ];
      await ask(store(), tenant, { run: elsewhere.id });
      await ask(store(), tenant, { run: run.id, expiresInMs: 60_000 });
      await answer(store(), ada(tenant), second);
      await cancel(tenant, first);
      expect(await statusOf(tenant, run)).toBe('input_required');
      open().turnClock(61_000);
      const { events } = await store().commit('expire', { limit: 1_000 });
      const ours = events.filter((event) => event.tenant === tenant);
      expect(ours.map(({ run: of, type }) => [of, type])).toEqual([
        [undefined, 'question.expired'],
        [undefined, 'run.updated'],
        [run.id, 'run.updated'],
      ]);
      expect([await statusOf(tenant, run), await statusOf(tenant, elsewhere)]).toEqual(['running', 'input_required']);
    });

    test('goes on once where several expire together', async () => {
      const tenant = newTenant();
      const run = await running(tenant);
      for (let asked = 0; asked < 3; asked += 1) await ask(store(), tenant, { run: run.id, expiresInMs: 1_000 });
      open().turnClock(2_000);
      const { events } = await store().commit('expire', { limit: 1_000 });
      const ours = events.filter((event) => event.tenant === tenant && event.run === undefined);
      const expired = 'question.expired';
      expect(ours.map(({ type }) => type)).toEqual([expired, expired, expired, 'run.updated']);
    });

    test('leaves it as its reporter says it is meanwhile', async () => {
      const tenant = newTenant();
      const [goesOn, ends] = [await running(tenant), await running(tenant)];
      const aboutIt = await ask(store(), tenant, { run: goesOn.id });
      await change(tenant, goesOn.id, { status: 'running', message: 'Not waiting for that' });
      expect((await answer(store(), ada(tenant), aboutIt)).events).toHaveLength(1);
      const aboutOther = await ask(store(), tenant, { run: ends.id });
      await change(tenant, ends.id, { status: 'failed' });
      expect(await refusal(answer(store(), ada(tenant), aboutOther))).toMatchObject({ code: 'expired' });
      expect(await statusOf(tenant, ends)).toBe('failed');
      const late = await store().commit('ask', { tenant, draft: questionDraft({ run: ends.id }) });
      expect(late.events.map(({ type }) => type)).toEqual(['question.opened']);
    });

    test('ends with the run: what services asked is cancelled and told so, in the same commit', async () => {
      const tenant = newTenant();
      const [run, elsewhere] = [await running(tenant), await running(tenant)];
      const [first, second] = [
        await ask(store(), tenant, { run: run.id }),
        await ask(store(), tenant, { run: run.id }),
      ];
      const answered = await ask(store(), tenant, { run: run.id });
      await answer(store(), ada(tenant), answered);
      const others = [await ask(store(), tenant, { run: elsewhere.id }), await ask(store(), tenant)];
      const asked = await askAs(store(), tenant, 'ada', { run: run.id });
      const due = await ask(store(), tenant, { run: run.id, expiresInMs: 1_000 });
      open().turnClock(2_000);
      const change = { status: 'failed' } as const;
      const { events } = await store().commit('changeRun', { tenant, id: run.id, change, reader: null });
      const told = events.filter((event) => event.run === undefined);
      expect(told.map(({ type }) => type)).toEqual(['run.finished', 'question.cancelled', 'question.cancelled']);
      const said = told.slice(1).map(({ data }) => JSON.parse(data));
      expect(said.map(({ question, reason }) => [question.id, question.status, reason])).toEqual(
        [first, second].map(({ id }) => [id, 'cancelled', 'run_finished']),
      );
      const statusNow = async ({ id }: { id: string }) =>
        (await store().read('question', { tenant, id }))?.question.status;
      const all = [first, second, answered, ...others, asked, due];
      // The last is due: that it expired is for the sweep to say.
      const statuses = ['cancelled', 'cancelled', 'answered', 'open', 'open', 'open', 'open'];
      expect(await Promise.all(all.map(statusNow))).toEqual(statuses);
      const { questions } = await store().read('state', { reader: ada(tenant), limit: 50 });
      expect(questions.map(({ id }) => id).sort()).toEqual([...others, asked].map(({ id }) => id).sort());
      await store().commit('expire', { limit: 1_000 });
      expect(await statusOf(tenant, run)).toBe('failed');
    });

    test('an answer is no sign of life of its reporter; the question was one', async () => {
      const tenant = newTenant();
      const run = await running(tenant, 100_000);
      open().turnClock(60_000);
      const question = await ask(store(), tenant, { run: run.id });
      open().turnClock(60_000);
      await store().commit('expire', { limit: 1_000 });
      expect(await statusOf(tenant, run)).toBe('input_required');
      await answer(store(), ada(tenant), question);
      open().turnClock(60_000);
      await store().commit('expire', { limit: 1_000 });
      expect(await statusOf(tenant, run)).toBe('interrupted');
    });

    test('needs a run of the same tenant, and leaves nothing behind without one', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const foreign = await running(other);
      for (const id of ['no-run', foreign.id]) {
        expect(await refusal(ask(store(), tenant, { run: id }))).toMatchObject({ code: 'invalid', field: 'run' });
      }
      expect(await everyEvent(store(), tenant)).toEqual([]);
      expect(await statusOf(other, foreign)).toBe('running');
    });

    test('a person asks only about runs they see, and holds none of them up', async () => {
      const tenant = newTenant();
      const run = await running(tenant);
      const draft = questionDraft({ run: run.id, answerBy: 'service', askedBy: { user: 'ben', name: null } });
      const asBen = store().commit('ask', { tenant, draft, reader: reader(tenant, 'ben') });
      expect(await refusal(asBen)).toMatchObject({ code: 'invalid', field: 'run' });
      const { run: about } = await askAs(store(), tenant, 'ada', { run: run.id });
      expect([about, await statusOf(tenant, run)]).toEqual([run.id, 'running']);
    });
  });
}
