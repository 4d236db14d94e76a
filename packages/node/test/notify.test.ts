import { RequestError } from '@belfry/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let test: Started;
beforeEach(async () => {
  test = await start();
});
afterEach(() => test.stop());

const note = (title: string) => ({ to: 'user:ada' as const, type: 'comment', title });
const titles = (count: number) => Array.from({ length: count }, (_, at) => `Number ${at}`);

async function stored(): Promise<string[]> {
  const { body } = await test.service.get('/v1/notifications?limit=100');
  return (body as { items: { title: string }[] }).items.map(({ title }) => title).reverse();
}

describe('notify', () => {
  it('called 200 times at once makes a single request, and each call has its own notification', async () => {
    const belfry = test.client();
    const sent = await Promise.all(titles(200).map((title) => belfry.notify(note(title))));
    expect(sent.map(({ title }) => title)).toEqual(titles(200));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(200);
    expect(belfry.requests).toEqual(['POST /v1/notifications/batch']);
  });

  it('gathers what is called while a request is under way', async () => {
    const belfry = test.client();
    const sent = titles(100).map(async (title, at) => {
      for (let turns = 0; turns < at; turns += 1) await new Promise(setImmediate);
      return belfry.notify(note(title));
    });
    expect((await Promise.all(sent)).map(({ title }) => title)).toEqual(titles(100));
    expect(belfry.requests.length).toBeLessThan(50);
    expect(await stored()).toEqual(titles(100));
  });

  it('sends together what is called on hearing of the one before, and what has waited for that', async () => {
    const belfry = test.client();
    const twice = titles(15).map(async (title) => {
      await belfry.notify(note(title));
      return belfry.notify(note(title));
    });
    await new Promise(setImmediate);
    await Promise.all([belfry.notify(note('late')), ...twice]);
    expect(belfry.requests).toHaveLength(2);
  });

  it('splits what is more than a batch holds', async () => {
    const belfry = test.client();
    const sent = await Promise.all(titles(2_500).map((title) => belfry.notify(note(title))));
    expect(sent.map(({ title }) => title)).toEqual(titles(2_500));
    expect(belfry.requests).toHaveLength(3);
  });

  it('fails the bad one alone, with its own field, and stores the others once', async () => {
    const belfry = test.client();
    const all = titles(60).map((title, at) => belfry.notify(note(at === 17 ? 'x'.repeat(201) : title)));
    const results = await Promise.allSettled(all);
    expect(results.flatMap(({ status }, at) => (status === 'rejected' ? at : []))).toEqual([17]);
    const error = (results[17] as PromiseRejectedResult).reason as RequestError;
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'invalid', field: 'title', problem: { field: 'title' } });
    expect(error.message).toMatch(/^title /);
    expect(belfry.requests).toHaveLength(3);
    const good = titles(60).filter((_, at) => at !== 17);
    expect((await stored()).toSorted()).toEqual(good.toSorted());
  });

  it('refuses what JSON can not hold before anything is sent, and sends the others', async () => {
    const belfry = test.client();
    const circle: Record<string, unknown> = {};
    circle.itself = circle;
    const unfit = [circle, 1n, { at: [Number.NaN] }];
    const all = unfit.map((data) => belfry.notify({ ...note('unfit'), data: data as never }));
    const good = belfry.notify(note('good'));
    for (const sent of all) await expect(sent).rejects.toMatchObject({ name: 'BelfryError', code: 'invalid' });
    await expect(good).resolves.toMatchObject({ title: 'good' });
    expect(await stored()).toEqual(['good']);
  });

  it('finds all of several bad ones', async () => {
    const belfry = test.client();
    const bad = [0, 5, 6, 19];
    const all = titles(20).map((title, at) => belfry.notify({ ...note(title), type: bad.includes(at) ? '' : 'm' }));
    const results = await Promise.allSettled(all);
    expect(results.flatMap(({ status }, at) => (status === 'rejected' ? at : []))).toEqual(bad);
    expect(await stored()).toHaveLength(16);
  });

  it('stores nothing twice where the answer to a batch is lost', async () => {
    let lost = 0;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (lost > 0) return response;
      lost += 1;
      await response.text();
      throw new TypeError('the connection broke');
    };
    const belfry = test.client({ fetch: losing });
    const sent = await Promise.all(titles(10).map((title) => belfry.notify(note(title))));
    expect(lost).toBe(1);
    expect(sent.map(({ title }) => title)).toEqual(titles(10));
    expect(await stored()).toEqual(titles(10));
  });

  it('with a key of the caller goes by itself, and again gives the first', async () => {
    const belfry = test.client();
    const first = await belfry.notify(note('Once'), { idempotencyKey: 'mine' });
    expect(await belfry.notify(note('Once'), { idempotencyKey: 'mine' })).toEqual(first);
    expect(belfry.requests).toEqual(['POST /v1/notifications', 'POST /v1/notifications']);
    expect(await stored()).toEqual(['Once']);
  });

  it('is sent by close, and refused after it; an aborted one is not sent', async () => {
    const belfry = test.client();
    const aborted = belfry.notify(note('Not this'), { signal: AbortSignal.abort(new Error('changed my mind')) });
    await expect(aborted).rejects.toThrow('changed my mind');
    const sent = belfry.notify(note('Last'));
    await belfry.close();
    expect(await sent).toMatchObject({ title: 'Last' });
    await expect(belfry.notify(note('Too late'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await stored()).toEqual(['Last']);
  });

  it('fails where it waits as soon as its signal aborts, and the others go', async () => {
    const belfry = test.client();
    const first = belfry.notify(note('First'));
    await new Promise(setImmediate);
    const abort = new AbortController();
    const aborted = belfry.notify(note('Not this'), { signal: abort.signal });
    const other = belfry.notify(note('Other'));
    abort.abort(new Error('changed my mind'));
    await expect(aborted).rejects.toThrow('changed my mind');
    await Promise.all([first, other]);
    expect(await stored()).toEqual(['First', 'Other']);
  });

  it('fails where close can not send it, whether it is under way or waits', async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    const belfry = test.client({ fetch: silent, retryForMs: 1 });
    const calls = ['under way', 'waiting', 'waiting too'].map(async (title, turns) => {
      for (let past = 0; past < turns; past += 1) await new Promise(setImmediate);
      return belfry.notify(note(title));
    });
    const results = Promise.allSettled(calls);
    for (let past = 0; past < 3; past += 1) await new Promise(setImmediate);
    await belfry.close();
    expect(await results).toMatchObject(calls.map(() => ({ status: 'rejected', reason: { code: 'unavailable' } })));
  });

  it('goes beside publish, memberships and deliveries', async () => {
    const belfry = test.client();
    expect(await belfry.publish({ to: 'all', type: 'build.done', data: { ok: true } })).toHaveProperty('cursor');
    const ada = await test.person('ada');
    const seen = async () => ((await ada.get('/v1/inbox')).body as { items: unknown[] }).items.length;
    await belfry.grant('topic:builds', 'ada');
    const { id } = await belfry.notify({ ...note('Green'), to: 'topic:builds' });
    expect(await seen()).toBe(1);
    expect((await belfry.deliveries(id)).channels).toMatchObject([{ channel: 'topic:builds' }]);
    await belfry.revoke('topic:builds', 'ada');
    expect(await seen()).toBe(0);
    await belfry.grant('topic:builds', 'ada');
    await belfry.revokeChannel('topic:builds');
    expect(await seen()).toBe(0);
  });
});
