import { TcpProxy } from '@belfry/contract-tests/faults';
import type { Run, RunEvent, RunLine } from '@belfry/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Started, start } from './support/start.ts';

let test: Started;
beforeEach(async () => {
  test = await start();
});
afterEach(() => test.stop());

const BUILD = { to: 'user:ada' as const, kind: 'build', title: 'A build' };

async function allOf(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const linesOf = (events: RunEvent[]) => events.flatMap((event) => (event.type === 'line' ? event.line : []));
const read = async (id: string) => (await test.service.get(`/v1/runs/${id}`)).body as Run;

describe('a run that is reported', () => {
  it('has its lines in batches and in order, its progress, artifacts and result, and is followed to its end', async () => {
    const belfry = test.client();
    const run = await belfry.run(BUILD);
    const following = run.follow();
    // Of what came before the stream was there, the snapshot has the lines only.
    const first = (await following.next()).value as RunEvent;
    const followed = allOf(following);
    const requests = belfry.requests.length;
    for (let n = 0; n < 300; n += 1) run.log(`line ${n}`);
    run.log({ text: 'two\nlines\n', level: 'error' });
    run.progress(0.2);
    run.progress(0.4, 'Compiling');
    await run.emit('step.done', { step: 1 });
    await run.artifact({ name: 'a', url: 'https://example.com/a' });
    await run.artifact({ name: 'b', url: 'https://example.com/b' });
    run.log('last');
    expect(await run.finish({ passed: 3 })).toMatchObject({
      ...{ status: 'succeeded', progress: 0.4, message: 'Compiling', result: { passed: 3 } },
      artifacts: [{ name: 'a' }, { name: 'b' }],
    });
    const events = [first, ...(await followed)];
    const texts = linesOf(events).map(({ text }) => text);
    expect(texts).toEqual([...Array.from({ length: 300 }, (_, n) => `line ${n}`), 'two', 'lines', 'last']);
    expect(linesOf(events)[301]).toMatchObject({ n: 302, level: 'error' });
    expect(events[0]).toMatchObject({ type: 'snapshot', run: { id: run.id } });
    expect(events.at(-1)).toEqual({ type: 'done', status: 'succeeded', message: 'Compiling', result: { passed: 3 } });
    const own = events.findIndex(({ type }) => type === 'event');
    expect(events[own]).toMatchObject({ event: { type: 'step.done', data: { step: 1 } } });
    expect(linesOf(events.slice(0, own))).toHaveLength(302);
    expect(belfry.requests.length - requests).toBeLessThan(15);
  });

  it('tells what was refused and nobody awaited by onError at once and at the end, and not what somebody awaited', async () => {
    const errors: unknown[] = [];
    const run = await test.client().run(BUILD, { onError: (error) => errors.push(error) });
    const tooLong = 'x'.repeat(5_000);
    await expect(run.update({ message: tooLong })).rejects.toMatchObject({ field: 'message' });
    await expect(run.artifact({ name: 'bad', url: 'no address' })).rejects.toMatchObject({ code: 'invalid' });
    await run.flush();
    expect(errors).toEqual([]);
    run.update({ message: tooLong });
    await expect(run.flush()).rejects.toMatchObject({ field: 'message' });
    run.artifact({ name: 'good', url: 'https://example.com/good' });
    await run.flush();
    run.artifact({ name: 'bad', url: 'no address' });
    await expect(run.finish()).rejects.toMatchObject({ field: 'artifacts.1.url' });
    expect(errors).toMatchObject([{ field: 'message' }, { field: 'artifacts.1.url' }]);
    expect(await read(run.id)).toMatchObject({ status: 'succeeded', artifacts: [{ name: 'good' }] });
  });

  it('tells onError once when it is ended elsewhere, whatever is not awaited after that', async () => {
    const errors: unknown[] = [];
    const run = await test.client().run(BUILD, { onError: (error) => errors.push(error) });
    await test.client().runs.cancel(run.id);
    run.progress(0.5);
    await expect(run.flush()).rejects.toMatchObject({ code: 'run_finished' });
    run.progress(0.6);
    run.log('x');
    run.artifact({ name: 'a', url: 'https://example.com/a' });
    await expect(run.finish()).rejects.toMatchObject({ code: 'run_finished' });
    expect(errors).toEqual([expect.objectContaining({ code: 'run_finished' })]);
  });

  it('takes artifacts after one that was refused, and after a read that failed', async () => {
    let isFailing = true;
    const flaky: typeof fetch = async (input, init) => {
      if (init?.method !== 'GET' || !isFailing) return fetch(input, init);
      return Response.json({ title: 'No', status: 403, detail: 'No.', code: 'forbidden' }, { status: 403 });
    };
    const run = await test.client({ fetch: flaky }).run(BUILD);
    await expect(run.artifact({ name: 'a', url: 'https://example.com/a' })).rejects.toMatchObject({ status: 403 });
    isFailing = false;
    await run.artifact({ name: 'a', url: 'https://example.com/a' });
    await expect(run.artifact({ name: 'bad', url: 'no address' })).rejects.toMatchObject({ code: 'invalid' });
    await run.artifact({ name: 'b', url: 'https://example.com/b' });
    expect(await run.finish()).toMatchObject({ artifacts: [{ name: 'a' }, { name: 'b' }] });
  });

  it('fails with the message of an error, also when it is left without an end', async () => {
    const belfry = test.client();
    const run = await belfry.run(BUILD);
    run.log('before');
    expect(await run.fail(new Error('No disk'))).toMatchObject({ status: 'failed', message: 'No disk' });
    let id = '';
    {
      await using left = await belfry.run(BUILD);
      id = left.id;
      left.log('kept');
    }
    expect(await read(id)).toMatchObject({ status: 'failed' });
    expect((await belfry.runs.lines(id)).items).toMatchObject([{ text: 'kept' }]);
  });

  it('lives by its heartbeats, and hears by them that a person cancelled it', { timeout: 60_000 }, async () => {
    const belfry = test.client();
    const run = await belfry.run({ ...BUILD, heartbeatTimeoutSeconds: 3 });
    const beats = () => belfry.requests.filter((request) => request.endsWith('/heartbeat')).length;
    while (beats() < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await read(run.id)).toMatchObject({ status: 'running' });
    const aborted = new Promise((resolve) => run.signal.addEventListener('abort', resolve));
    await (await test.person('ada')).post(`/v1/runs/${run.id}/cancel`);
    await aborted;
    expect(run.signal.reason).toMatchObject({ code: 'run_finished' });
    run.log('nobody hears this');
    run.progress(1);
    await expect(run.finish()).rejects.toMatchObject({ code: 'run_finished' });
    expect(await read(run.id)).toMatchObject({ status: 'cancelled' });
  });

  it('may be silent for as long as who took it from the queue says', async () => {
    const belfry = test.client();
    const { id } = await belfry.runs.queue(BUILD);
    // As a worker that is gone at once: its client gives no sign of life any more.
    const worker = test.client();
    await worker.runs.take(id, { heartbeatTimeoutSeconds: 1 });
    await worker.close();
    expect((await allOf(belfry.follow(id))).at(-1)).toMatchObject({ type: 'done', status: 'interrupted' });
  });

  it('keeps its first end, and refuses what is reported after it', async () => {
    const errors: unknown[] = [];
    const run = await test.client().run(BUILD, { onError: (error) => errors.push(error) });
    await run.finish({ passed: 3 });
    expect(await run.finish({ passed: 3 })).toMatchObject({ result: { passed: 3 } });
    const late = { code: 'run_finished' };
    await expect(run.finish({ passed: 4 })).rejects.toMatchObject(late);
    await expect(run.fail('after all')).rejects.toMatchObject(late);
    await expect(run.log('late')).rejects.toMatchObject(late);
    await expect(run.progress(1)).rejects.toMatchObject(late);
    expect(errors).toEqual([]);
    run.log('late, and nobody awaits it');
    await expect(run.flush()).rejects.toMatchObject(late);
    expect(errors).toMatchObject([late]);
    expect(run.signal.aborted).toBe(false);
    expect(await read(run.id)).toMatchObject({ status: 'succeeded', result: { passed: 3 } });
  });

  it('may be given another end where the first was refused', async () => {
    const run = await test.client().run(BUILD);
    await expect(run.finish({ passed: Number.NaN })).rejects.toMatchObject({ field: 'result.passed' });
    await expect(run.finish('x'.repeat(20_000))).rejects.toMatchObject({ field: 'result' });
    expect(await run.finish({ passed: 3 })).toMatchObject({ status: 'succeeded', result: { passed: 3 } });
  });

  it('keeps what is reported while the server is away', { timeout: 60_000 }, async () => {
    const belfry = test.client();
    const run = await belfry.run(BUILD, { idempotencyKey: 'build-1' });
    await test.end();
    for (let n = 0; n < 10; n += 1) run.log(`line ${n}`);
    run.progress(0.5);
    await test.again();
    await run.finish();
    expect(await read(run.id)).toMatchObject({ status: 'succeeded', progress: 0.5 });
    const { items } = await belfry.runs.lines(run.id);
    expect(items.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, n) => `line ${n}`));
  });

  it('goes on by the same key, and refuses at once what makes no sense', async () => {
    const belfry = test.client();
    const first = await belfry.run(BUILD, { idempotencyKey: 'build-2' });
    const again = await test.client().run(BUILD, { idempotencyKey: 'build-2' });
    expect(again.id).toBe(first.id);
    expect(() => again.log({ text: 'x', level: 'no word' })).toThrow('level must be');
    expect(() => again.progress(Number.NaN)).toThrow('progress must be');
    for (const line of [null, undefined, {}, { text: null }]) {
      expect(() => again.log(line as never)).toThrow('missing its text');
    }
    await expect(again.emit('step', [1, Number.NaN])).rejects.toMatchObject({ code: 'invalid', field: 'data.1' });
    await again.log(5 as never);
    await again.log('x'.repeat(40_000));
    await again.finish();
    const { items } = await belfry.runs.lines(first.id);
    expect(items.map(({ text }) => text.length)).toEqual([1, 16_384, 16_384, 7_232]);
    await expect(belfry.run(BUILD, { idempotencyKey: 'build-2' })).rejects.toMatchObject({ code: 'run_finished' });
  });
});

describe('a run that is followed', () => {
  const LINES = 5_000;

  /** Every connection is cut as soon as so many lines more have come. */
  async function followed(every: number, events: AsyncGenerator<RunEvent>, cut: () => void): Promise<RunLine[]> {
    const lines: RunLine[] = [];
    for await (const event of events) {
      if (event.type !== 'line') continue;
      lines.push(event.line);
      if (lines.length % every === 0) cut();
    }
    return lines;
  }

  const numbers = (lines: RunLine[]) => lines.map(({ n }) => n);
  const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

  it('brings each of 5,000 lines once and in order through connections that are cut', async () => {
    const proxy = await TcpProxy.start({ port: test.port });
    const run = await test.client().run(BUILD);
    const follower = test.client({ url: `http://127.0.0.1:${proxy.port}` });
    const events = follower.follow(run.id);
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    const lines = followed(1_200, events, () => proxy.cut());
    for (let n = 1; n <= LINES; n += 1) {
      await run.log(`line ${n}`);
      if (n % 500 === 0) await run.flush();
    }
    await run.finish();
    expect(numbers(await lines)).toEqual(upTo(LINES));
    expect(follower.requests.length).toBeGreaterThan(2);
    await follower.close();
    await proxy.close();
  });

  it('brings all that is kept from the start, also when it has finished and connections are cut', async () => {
    const proxy = await TcpProxy.start({ port: test.port });
    const run = await test.client().run(BUILD);
    for (let n = 1; n <= LINES; n += 1) run.log(`line ${n}`);
    await run.finish();
    const follower = test.client({ url: `http://127.0.0.1:${proxy.port}` });
    const events = follower.follow(run.id, { fromStart: true });
    expect(numbers(await followed(2_000, events, () => proxy.cut()))).toEqual(upTo(LINES));
    expect(linesOf(await allOf(follower.follow(run.id)))[0]?.n).toBe(LINES - 999);
    await follower.close();
    await proxy.close();
  });

  it('goes on through a restart of the server', { timeout: 60_000 }, async () => {
    const run = await test.client().run(BUILD);
    run.log('before');
    await run.flush();
    const lines = followed(1_000, test.client().follow(run.id), () => {});
    await test.end();
    run.log('meanwhile');
    await test.again();
    run.log('after');
    await run.finish();
    expect((await lines).map(({ text }) => text)).toEqual(['before', 'meanwhile', 'after']);
  });

  it('ends where its reader leaves, by a signal, and at once for a run that is not there', async () => {
    const belfry = test.client();
    const run = await belfry.run(BUILD);
    run.log('one');
    await run.flush();
    for await (const event of run.follow()) if (event.type === 'line') break;
    const stop = new AbortController();
    const reading = allOf(run.follow({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(allOf(belfry.follow('none'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
