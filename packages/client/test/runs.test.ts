import { expect, test } from 'vitest';
import { event } from './support/model-inbox.ts';
import { open, run, state } from './support/person.ts';
import { cursor, type Exchange, type ScriptedServer } from './support/scripted-server.ts';
import { until } from './support/until.ts';

const line = (n: number) => ({ n, time: 'then', level: 'info', text: `line ${n}` });
const logged = (stream: Exchange, at: number, ...lines: number[]) =>
  stream.message(at, { type: 'run.log', channel: undefined, data: { lines: lines.map(line) } });

async function streamOf(server: ScriptedServer): Promise<Exchange> {
  return (await server.next('/v1/runs/r1/stream')).open();
}

function snapshot(stream: Exchange, at: number, lines: number[], logsCursor: string | null = null): Exchange {
  return stream.frame('snapshot', cursor(at), { run: run(1), logs: lines.map(line), logsCursor });
}

test('unfinished runs come and go on, and one that has finished stays until dismissed', async () => {
  const { belfry, stream } = await open({ runs: [run(1)] });
  stream.message(11, event('run.created', { run: run(2, { status: 'queued' }) }));
  stream.message(12, event('run.finished', { run: run(1, { status: 'failed', message: 'no disk' }) }));
  stream.message(13, event('run.finished', { run: run(9, { status: 'succeeded' }) }));
  stream.message(14, event('run.updated', { run: run(2, { progress: 0.5 }) }));
  await until(belfry.runs, ({ items }) => items[0]?.progress === 0.5);
  expect(belfry.runs.getSnapshot()).toMatchObject({ active: 1, items: [{ id: 'r2' }, { id: 'r1', status: 'failed' }] });
  belfry.runs.dismiss('r2');
  belfry.runs.dismiss('r1');
  expect(belfry.runs.getSnapshot().items.map(({ id }) => id)).toEqual(['r2']);
});

test('a cancelling shows at once, is taken back if refused, and once it holds no late event undoes it', async () => {
  const { belfry, server, stream } = await open({ runs: [run(1)] });
  const refused = belfry.runs.cancel('r1');
  expect(belfry.runs.getSnapshot()).toMatchObject({ active: 0, items: [{ status: 'cancelled' }] });
  (await server.next('/v1/runs/r1/cancel')).problem(503, 'unavailable');
  expect(await refused).toBe(false);
  expect(belfry.runs.getSnapshot()).toMatchObject({ error: { code: 'unavailable' }, items: [{ status: 'running' }] });
  const taken = belfry.runs.cancel('r1');
  (await server.next('/v1/runs/r1/cancel')).answer(200, run(1, { status: 'cancelled' }));
  expect(await taken).toBe(true);
  stream.message(11, event('run.updated', { run: run(1, { progress: 0.9 }) })).message(12);
  await new Promise<void>((resolve) => belfry.on('test.event', () => resolve()));
  expect(belfry.runs.getSnapshot().items).toMatchObject([{ status: 'cancelled', progress: null }]);
});

test('of a run that is not in a new state it asks how it ended', async () => {
  const { belfry, server, stream } = await open({ runs: [run(1), run(2)] });
  state(stream, 20, { runs: [run(2)] });
  (await server.next('/v1/runs/r1')).answer(200, run(1, { status: 'succeeded' }));
  await until(belfry.runs, ({ items }) => items.length === 2);
  expect(belfry.runs.getSnapshot().items.map(({ id, status }) => [id, status])).toEqual([
    ['r2', 'running'],
    ['r1', 'succeeded'],
  ]);
});

test('subscribing, leaving and subscribing in one turn is one request, and the last who leaves ends it', async () => {
  const { belfry, server } = await open();
  const feed = belfry.run('r1');
  expect(belfry.run('r1')).toBe(feed);
  feed.subscribe(() => {})();
  const leave = feed.subscribe(() => {});
  const another = belfry.run('r1').subscribe(() => {});
  const stream = await streamOf(server);
  snapshot(stream, 1, [1]);
  await until(feed, ({ live }) => live);
  expect(server.untaken).toEqual([]);
  leave();
  leave();
  another();
  await stream.closed;
  expect(feed.getSnapshot()).toMatchObject({ status: 'idle', lines: [{ n: 1 }] });
});

test('after a break it goes on from its cursor, with each line once and in order, until it is done', async () => {
  const { belfry, environment, server } = await open();
  const feed = belfry.run('r1');
  const steps: unknown[] = [];
  feed.on('step.*', ({ data }) => steps.push(data));
  const leave = feed.subscribe(() => {});
  const first = await streamOf(server);
  snapshot(first, 2, [1, 2]);
  logged(first, 3, 3).message(4, { type: 'step.done', data: { step: 'lint' } });
  await until(feed, ({ lines }) => lines.length === 3);
  first.cut();
  await until(feed, ({ status }) => status === 'reconnecting');
  await environment.timer(500);
  environment.wake('online');
  const second = await streamOf(server);
  expect(second.header('last-event-id')).toBe(cursor(4));
  logged(logged(second, 3, 3), 5, 3, 4);
  second.message(6, { type: 'run.updated', data: { run: run(1, { status: 'succeeded' }) } });
  second.frame('done', cursor(7), { status: 'succeeded', message: null, result: { passed: 12 } }).end();
  await until(feed, ({ status }) => status === 'done');
  expect(feed.getSnapshot()).toMatchObject({
    lines: [1, 2, 3, 4].map((n) => ({ n })),
    run: { status: 'succeeded' },
    done: { result: { passed: 12 } },
    live: false,
    error: null,
  });
  expect(steps).toEqual([{ step: 'lint' }]);
  leave();
  feed.subscribe(() => {})();
  // To be back online is something for the client's own stream too.
  expect(server.untaken.filter((path) => path.includes('runs'))).toEqual([]);
});

test('a page that falls asleep hangs up, and goes on after its last line when it is seen again', async () => {
  const { belfry, environment, server } = await open();
  const feed = belfry.run('r1');
  feed.subscribe(() => {});
  const first = await streamOf(server);
  logged(snapshot(first, 1, [1]), 2, 2);
  await until(feed, ({ lines }) => lines.length === 2);
  environment.wake('suspend');
  await first.closed;
  expect(environment.waits).toEqual([]);
  expect(server.untaken).toEqual([]);
  environment.wake('visible');
  const second = await streamOf(server);
  expect(second.header('last-event-id')).toBe(cursor(2));
  logged(second, 3, 3);
  await until(feed, ({ lines }) => lines.length === 3);
  environment.wake('visible');
  belfry.stop();
  await second.closed;
  environment.wake('visible');
  await new Promise((resolve) => setImmediate(resolve));
  expect([environment.listeners, server.untaken.filter((path) => path.includes('runs'))]).toEqual([0, []]);
});

test('cut off right before its end, a run is done all the same', async () => {
  const { belfry, environment, server } = await open();
  const feed = belfry.run('r1');
  feed.subscribe(() => {});
  const first = await streamOf(server);
  snapshot(first, 1, []).message(2, {
    type: 'run.updated',
    data: { run: run(1, { status: 'failed', message: 'no' }) },
  });
  await until(feed, ({ run }) => run?.status === 'failed');
  first.cut();
  await environment.timer(500);
  environment.runNext();
  (await server.next('/v1/runs/r1/stream')).answer(204);
  await until(feed, ({ status }) => status === 'done');
  expect(feed.getSnapshot().done).toEqual({ status: 'failed', message: 'no', result: null });
});

test('earlier lines are put before the others, unless the log began anew meanwhile', async () => {
  const { belfry, environment, server } = await open();
  const feed = belfry.run('r1');
  feed.subscribe(() => {});
  const first = await streamOf(server);
  snapshot(first, 5, [5, 6], 'c5');
  await until(feed, ({ hasEarlier }) => hasEarlier);
  const loaded = feed.loadEarlier();
  const request = await server.next('/v1/runs/r1/logs');
  expect(Object.fromEntries(request.query)).toEqual({ cursor: 'c5', limit: '1000' });
  request.answer(200, { items: [3, 4, 5].map(line), nextCursor: 'c3' });
  expect(await loaded).toBe(true);
  expect(feed.getSnapshot().lines.map(({ n }) => n)).toEqual([3, 4, 5, 6]);
  const late = feed.loadEarlier();
  const old = await server.next('/v1/runs/r1/logs');
  first.cut();
  await environment.timer(500);
  environment.runNext();
  snapshot(await streamOf(server), 2_000, [1_500, 1_501], 'c1500');
  await until(feed, ({ lines }) => lines[0]?.n === 1_500);
  old.answer(200, { items: [1, 2].map(line), nextCursor: null });
  expect(await late).toBe(false);
  expect(feed.getSnapshot()).toMatchObject({ hasEarlier: true, lines: [{ n: 1_500 }, { n: 1_501 }] });
});

test('a run that can not be seen fails with the reason, and with the client all of it ends', async () => {
  const { belfry, environment, server } = await open();
  const feed = belfry.run('r1');
  const leave = feed.subscribe(() => {});
  (await server.next('/v1/runs/r1/stream')).problem(404, 'not_found');
  await until(feed, ({ status }) => status === 'failed');
  expect(feed.getSnapshot().error).toMatchObject({ code: 'not_found' });
  leave();
  await Promise.resolve();
  feed.subscribe(() => {});
  const again = await streamOf(server);
  snapshot(again, 1, []);
  await until(feed, ({ live }) => live);
  belfry.stop();
  await again.closed;
  expect(environment.waits).toEqual([]);
});
