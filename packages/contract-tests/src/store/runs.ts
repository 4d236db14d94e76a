import { type LogEvent, logName, type RunChange, type RunDraft } from '@belfry/core';
import type { Run } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

/** Runs, what is said of them in two logs, and who may see them. */
export function runSuite(open: SharedStore): void {
  describe('runs', () => {
    const store = () => open().store;

    async function created(tenant: string, over: Partial<RunDraft> = {}): Promise<Run> {
      const draft = { id: crypto.randomUUID(), to: ['user:ada'], kind: 'build', title: 'A build', ...OPEN, ...over };
      return (await store().commit('createRun', { tenant, draft })).out.run;
    }
    const OPEN = { subject: null, data: null, timeoutMs: null };

    const change = (tenant: string, id: string, what: RunChange) =>
      store().commit('changeRun', { tenant, id, change: what, reader: null });
    const log = (tenant: string, { id }: Run, ...texts: string[]) => {
      const lines = texts.map((text) => ({ text, level: 'info', time: null }));
      return store().commit('appendLines', { log: logName({ tenant, run: id }), lines });
    };
    const own = (tenant: string, { id }: Run) => everyEvent(store(), logName({ tenant, run: id }));
    const listed = async (tenant: string, who: Parameters<typeof reader>[2] = {}, user = 'ada') =>
      (
        await store().read('runs', {
          tenant,
          reader: reader(tenant, user, who),
          query: { before: null, limit: 100 },
        })
      ).items.map(({ id }) => id);

    test('begin in the queue, told to their channels, with a log of their own that is empty', async () => {
      const tenant = newTenant();
      const draft = {
        id: crypto.randomUUID(),
        to: ['topic:ci', 'user:ada', 'topic:ci'],
        kind: 'build',
        title: 'A build',
        subject: { kind: 'story', id: '7' },
        data: { deep: [1] },
        timeoutMs: 1_000,
      };
      const { out, events } = await store().commit('createRun', { tenant, draft });
      expect(out.run).toMatchObject({ id: draft.id, status: 'queued', progress: null, artifacts: [], startedAt: null });
      expect(events).toMatchObject([{ tenant, n: 1, type: 'run.created', to: ['topic:ci', 'user:ada'] }]);
      expect(JSON.parse(events[0]?.data as string)).toEqual({ run: out.run });
      expect(events[0]?.run).toBeUndefined();
      expect(await own(tenant, out.run)).toEqual([]);
      expect(await store().read('run', { tenant, reader: null, id: draft.id })).toEqual(out.run);
    });

    test('say each change in both logs, and their end as the last of their own', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      await change(tenant, run.id, { status: 'running', progress: 0.5, message: 'Half' });
      await log(tenant, run, 'one', 'two');
      const { out, events } = await change(tenant, run.id, { status: 'succeeded', result: { passed: 2 } });
      expect(out.run).toMatchObject({ status: 'succeeded', progress: 0.5, message: 'Half', result: { passed: 2 } });
      expect(out.run.startedAt).not.toBeNull();
      expect(out.run.finishedAt).toBe(out.run.updatedAt);
      expect(events.map(({ run: of, n, type }) => [of, n, type])).toEqual([
        [undefined, 3, 'run.finished'],
        [run.id, 3, 'run.updated'],
        [run.id, 4, 'run.finished'],
      ]);
      expect((await everyEvent(store(), tenant)).map(({ type }) => type)).toEqual([
        'run.created',
        'run.updated',
        'run.finished',
      ]);
      const kept = await own(tenant, run);
      expect(kept.map(({ type }) => type)).toEqual(['run.updated', 'run.log', 'run.updated', 'run.finished']);
      expect(kept.every((event) => event.tenant === tenant && event.run === run.id)).toBe(true);
      const [head] = await store().read('heads', { logs: [logName({ tenant, run: run.id })] });
      expect(head?.head).toEqual({ n: 4, check: kept[3]?.check });
    });

    test('say with each event of their own how far their tenant’s log had come before it', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const afters = ({ events }: { events: readonly LogEvent[] }) =>
        events.filter((event) => event.run !== undefined).map(({ after }) => after);
      expect(afters(await log(tenant, run, 'one'))).toEqual([1]);
      await store().commit('revoke', { tenant, user: 'ada', channel: 'topic:ci' });
      expect(afters(await log(tenant, run, 'two'))).toEqual([2]);
      const name = logName({ tenant, run: run.id });
      expect(afters(await store().commit('emitInRun', { log: name, type: 'step', data: '1' }))).toEqual([2]);
      expect(afters(await change(tenant, run.id, { status: 'running' }))).toEqual([2]);
      await publishOne(store(), tenant);
      expect(afters(await change(tenant, run.id, { status: 'succeeded' }))).toEqual([4, 4]);
      // What is read comes after all that there is by now.
      expect((await own(tenant, run)).map(({ after }) => after)).toEqual([5, 5, 5, 5, 5, 5]);
    });

    test('are sealed by their end: nothing is appended to either log after it', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const name = logName({ tenant, run: run.id });
      await change(tenant, run.id, { status: 'failed' });
      const late = [
        change(tenant, run.id, { status: 'failed' }),
        change(tenant, run.id, { progress: 1 }),
        log(tenant, run, 'late'),
        store().commit('emitInRun', { log: name, type: 'step', data: '1' }),
        store().commit('beat', { log: name }),
      ];
      for (const { code } of await Promise.all(late.map(refusal))) expect(code).toBe('run_finished');
      expect(await own(tenant, run)).toHaveLength(2);
      expect(await everyEvent(store(), tenant)).toHaveLength(2);
    });

    test('go only where the table of moves leads', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      await change(tenant, run.id, { status: 'running' });
      const back = await refusal(change(tenant, run.id, { status: 'queued' }));
      expect(back).toMatchObject({ code: 'invalid', field: 'status' });
      for (const status of ['running', 'input_required', 'running', 'cancelled'] as const) {
        expect((await change(tenant, run.id, { status })).out.run.status).toBe(status);
      }
      expect(await everyEvent(store(), tenant)).toHaveLength(6);
    });

    test('number their lines from 1 without a gap, however many write at once', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const batches = Array.from({ length: 40 }, (_, batch) => [`${batch} a`, `${batch} b`, `${batch} c`]);
      await Promise.all([
        ...batches.map((texts) => log(tenant, run, ...texts)),
        ...[0.1, 0.2, 0.3].map((progress) => change(tenant, run.id, { progress })),
        publishOne(store(), tenant),
      ]);
      const events = await own(tenant, run);
      expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
      const lines = events.filter(({ type }) => type === 'run.log').flatMap(({ data }) => JSON.parse(data).lines);
      expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      const inOneBatch = new Set(lines.map(({ text }) => text.split(' ')[0]));
      expect([...inOneBatch].flatMap((batch) => [`${batch} a`, `${batch} b`, `${batch} c`])).toEqual(
        lines.map(({ text }) => text),
      );
    });

    test('give one batch its numbers once, whatever comes twice under its key', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const input = {
        log: logName({ tenant, run: run.id }),
        lines: [{ text: 'once', level: 'info', time: '2026-01-01T00:00:00.000Z' }],
      };
      const key = { key: 'k', fingerprint: 'f' };
      const both = await Promise.all([
        store().commit('appendLines', input, key),
        store().commit('appendLines', input, key),
      ]);
      expect(both.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
      expect(both[0]?.out).toEqual(both[1]?.out);
      expect((await store().commit('appendLines', input, key)).replayed).toBe(true);
      const page = await store().read('runLines', { log: input.log, before: null, limit: 10 });
      expect(page).toEqual({
        lines: [{ n: 1, time: '2026-01-01T00:00:00.000Z', level: 'info', text: 'once' }],
        earlier: null,
      });
    });

    test('are found by nobody who only guesses at their names, and leave nothing behind of such', async () => {
      const tenant = newTenant();
      const [run, guess] = [await created(tenant), crypto.randomUUID()];
      const lines = [{ text: 'x', level: 'info', time: null }];
      for (const name of [logName({ tenant, run: guess }), logName({ tenant: newTenant(), run: run.id })]) {
        for (const key of [undefined, { key: 'k', fingerprint: 'f' }]) {
          expect((await refusal(store().commit('appendLines', { log: name, lines }, key))).code).toBe('not_found');
        }
        expect((await refusal(store().commit('beat', { log: name }))).code).toBe('not_found');
        expect((await store().read('heads', { logs: [name] }))[0]?.head.n).toBe(0);
      }
      expect((await refusal(change(newTenant(), run.id, { progress: 1 }))).code).toBe('not_found');
      expect(await store().read('run', { tenant: newTenant(), reader: null, id: run.id })).toBeNull();
    });

    test('are read page by page from the newest line back, with their events in between', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const name = logName({ tenant, run: run.id });
      for (let batch = 0; batch < 50; batch += 1) {
        await log(tenant, run, ...Array.from({ length: 7 }, (_, line) => `${batch} ${line}`));
        await store().commit('emitInRun', { log: name, type: 'step', data: `${batch}` });
      }
      const seen: number[] = [];
      let before = null;
      do {
        const page: Awaited<ReturnType<typeof read>> = await read(name, before);
        expect(page.lines.length).toBeLessThanOrEqual(100);
        seen.unshift(...page.lines.map(({ n }) => n));
        before = page.earlier;
      } while (before !== null);
      expect(seen).toEqual(Array.from({ length: 350 }, (_, index) => index + 1));
    });
    const read = (name: string, before: { n: number; line: number } | null) =>
      store().read('runLines', { log: name, before, limit: 100 });

    test('are read by no more than 4 MB at once, by the bytes of their text', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const text = '…'.repeat(5_000);
      for (let n = 0; n < 3; n += 1) await log(tenant, run, ...Array<string>(100).fill(text));
      const input = { log: logName({ tenant, run: run.id }), before: null, limit: 1_000 };
      const { lines, earlier } = await store().read('runLines', input);
      expect(lines).toHaveLength(280);
      expect(earlier).toEqual({ n: 1, line: 21 });
    });

    test('are shown with their newest lines from one moment, and a finished one with its end', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const at = (lines: number) => store().read('runAt', { tenant, reader: null, id: run.id, lines });
      expect(await at(5)).toMatchObject({ lines: [], earlier: null, at: { n: 0, check: '0' }, end: null });
      await log(tenant, run, 'one', 'two', 'three');
      const live = await at(2);
      expect(live).toMatchObject({ run, at: { n: 1 }, end: null, earlier: { n: 1, line: 2 } });
      expect(live?.lines.map(({ text }) => text)).toEqual(['two', 'three']);
      await change(tenant, run.id, { status: 'cancelled' });
      const events = await own(tenant, run);
      const place = (n: number) => ({ n, check: events[n - 1]?.check });
      expect(await at(0)).toMatchObject({ run: { status: 'cancelled' }, lines: [], at: place(2), end: place(3) });
    });

    test('are listed newest first to those who hold one of their channels, and by status, kind and subject', async () => {
      const tenant = newTenant();
      const first = await created(tenant, { to: ['topic:ci/a', 'user:ada'] });
      const second = await created(tenant, { to: ['all'], kind: 'test', subject: { kind: 'story', id: '7' } });
      const third = await created(tenant, { to: ['user:ben'] });
      await change(tenant, second.id, { status: 'failed' });
      expect(await listed(tenant)).toEqual([second.id, first.id]);
      expect(await listed(tenant, {}, 'ben')).toEqual([third.id, second.id]);
      expect(await listed(tenant, { channels: ['topic:ci/*'] }, 'cy')).toEqual([second.id, first.id]);
      const query = async (over: object) => {
        const input = { tenant, reader: null, query: { before: null, limit: 100, ...over } };
        return (await store().read('runs', input)).items.map(({ id }) => id);
      };
      expect(await query({})).toEqual([third.id, second.id, first.id]);
      expect(await query({ status: ['failed'] })).toEqual([second.id]);
      expect(await query({ status: ['queued', 'running'] })).toEqual([third.id, first.id]);
      expect(await query({ status: ['queued', 'failed'], kind: 'test' })).toEqual([second.id]);
      expect(await query({ subject: { kind: 'story', id: '7' } })).toEqual([second.id]);
      expect(await query({ subject: { kind: 'story', id: '8' } })).toEqual([]);
    });

    test('are paged by cursors that are places in the tenant’s log', async () => {
      const tenant = newTenant();
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) ids.unshift((await created(tenant)).id);
      const page = (before: number | null, limit: number) =>
        store().read('runs', { tenant, reader: reader(tenant, 'ada'), query: { before, limit } });
      const first = await page(null, 2);
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      const n = Number(first.nextCursor?.split('-')[1]);
      expect((await store().read('locate', { log: tenant, n })).check).toBe(first.nextCursor?.split('-')[2]);
      const rest = await page(n, 3);
      expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(2));
      expect(rest.nextCursor).toBeNull();
    });

    test('are in state while they are unfinished, for those who see them', async () => {
      const tenant = newTenant();
      const seen = await created(tenant);
      await created(tenant, { to: ['user:ben'] });
      const over = await created(tenant);
      await change(tenant, over.id, { status: 'succeeded' });
      const { runs, at } = await store().read('state', { reader: reader(tenant, 'ada'), limit: 50 });
      expect(runs).toEqual([seen]);
      expect(at.n).toBe(4);
      const grants = { everything: true, exact: [], prefixes: [] };
      expect((await store().read('serviceState', { tenant, grants, limit: 50 })).runs).toHaveLength(2);
      const [main] = await store().read('heads', { logs: [tenant] });
      expect(main?.head).toEqual(at);
    });

    test('can be ended by a person who sees them, and are not there for another', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const cancel = (user: string) => {
        const who = reader(tenant, user);
        return store().commit('changeRun', { tenant, id: run.id, change: { status: 'cancelled' }, reader: who });
      };
      expect((await refusal(cancel('ben'))).code).toBe('not_found');
      expect((await cancel('ada')).out.run.status).toBe('cancelled');
    });

    test('become interrupted when their reporter is silent for too long, and not while it is heard of', async () => {
      const { turnClock } = open();
      const tenant = newTenant();
      const silent = await created(tenant, { timeoutMs: 10_000 });
      const heard = await created(tenant, { timeoutMs: 10_000 });
      for (const { id } of [silent, heard]) await change(tenant, id, { status: 'running' });
      const patient = await created(tenant);
      for (const say of [
        () => store().commit('beat', { log: logName({ tenant, run: heard.id }) }),
        () => log(tenant, heard, 'still here'),
        () => change(tenant, heard.id, { progress: 0.1 }),
        () => store().commit('emitInRun', { log: logName({ tenant, run: heard.id }), type: 'step', data: '1' }),
      ]) {
        turnClock(6_000);
        await say();
        await store().commit('expire', { limit: 100 });
      }
      const status = async ({ id }: Run) => (await store().read('run', { tenant, reader: null, id }))?.status;
      expect([await status(silent), await status(heard), await status(patient)]).toEqual([
        'interrupted',
        'running',
        'queued',
      ]);
      expect((await own(tenant, silent)).at(-1)?.type).toBe('run.finished');
      turnClock(11_000);
      const { out, events } = await store().commit('expire', { limit: 100 });
      expect(out.expired).toBe(1);
      expect(events.map(({ type }) => type)).toEqual(['run.finished', 'run.updated', 'run.finished']);
      expect((await store().commit('expire', { limit: 100 })).out.expired).toBe(0);
      expect((await refusal(log(tenant, heard, 'too late'))).code).toBe('run_finished');
    });

    test('wait in the queue for as long as it takes, and are silent from when they are taken up', async () => {
      const { turnClock } = open();
      const tenant = newTenant();
      const run = await created(tenant, { timeoutMs: 10_000 });
      const statusLater = async () => {
        turnClock(11_000);
        await store().commit('expire', { limit: 100 });
        return (await store().read('run', { tenant, reader: null, id: run.id }))?.status;
      };
      expect(await statusLater()).toBe('queued');
      await log(tenant, run, 'two are before it');
      await change(tenant, run.id, { message: 'Soon' });
      expect(await statusLater()).toBe('queued');
      await change(tenant, run.id, { status: 'running' });
      expect(await statusLater()).toBe('interrupted');
    });

    test('may be silent for as long as who takes them up says', async () => {
      const { turnClock } = open();
      const tenant = newTenant();
      const longer = await created(tenant, { timeoutMs: 10_000 });
      const shorter = await created(tenant);
      const { out } = await change(tenant, longer.id, { status: 'running', timeoutMs: 100_000 });
      expect(out.run).not.toHaveProperty('timeoutMs');
      await change(tenant, shorter.id, { status: 'running', timeoutMs: 10_000 });
      turnClock(11_000);
      await store().commit('expire', { limit: 100 });
      const status = async ({ id }: Run) => (await store().read('run', { tenant, reader: null, id }))?.status;
      expect([await status(longer), await status(shorter)]).toEqual(['running', 'interrupted']);
    });

    test('a batch that fails leaves its neighbours alone', async () => {
      const tenant = newTenant();
      const run = await created(tenant);
      const [one, bad, two] = await Promise.allSettled([
        log(tenant, run, 'one'),
        log(tenant, run, 'bad \0 text'),
        log(tenant, run, 'two'),
      ]);
      expect([one?.status, two?.status]).toEqual(['fulfilled', 'fulfilled']);
      const { lines } = await store().read('runLines', {
        log: logName({ tenant, run: run.id }),
        before: null,
        limit: 10,
      });
      expect(lines.map(({ n }) => n)).toEqual(bad?.status === 'fulfilled' ? [1, 2, 3] : [1, 2]);
    });

    test('keys that sign are kept as long as asked, newest first', async () => {
      const { turnClock } = open();
      const add = (secret: string) => store().commit('addSigningKey', { secret, maxAgeMs: 1_000 });
      const kept = async () => (await store().read('signingKeys', {})).map(({ secret }) => secret);
      await add('one');
      turnClock(600);
      await add('two');
      expect(await kept()).toEqual(['two', 'one']);
      turnClock(600);
      await add('three');
      expect(await kept()).toEqual(['three', 'two']);
    });
  });
}
