import type { Run, RunLine, RunSnapshotFrame } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { change, log, newRun } from './support/runs.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { NewWorld } from './support/worlds.ts';

/** The numbers of the lines that a stream has brought as messages. */
function linesOf(stream: StreamReader): number[] {
  const batches = stream.seen.filter(({ type }) => type === 'run.log');
  return batches.flatMap(({ data }) => (data.lines as RunLine[]).map(({ n }) => n));
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => at + first);
}

const snapshotOf = (stream: StreamReader) => stream.frame<RunSnapshotFrame>('snapshot');
const namesOf = (stream: StreamReader) => stream.blocks.flatMap(({ event }) => event ?? []);
const cameBack = (stream: StreamReader) => ({ headers: { 'last-event-id': stream.lastId } });

/** One run as it goes: snapshot, what comes, done. */
export function runStreamContract(newWorld: NewWorld): void {
  describe('GET /v1/runs/{id}/stream', () => {
    it('begins with a snapshot that has an id, then lines, changes and events, then done, and ends', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      await log(world, run, 'before');
      const stream = await ada.follow(run);
      expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(await snapshotOf(stream)).toMatchObject({ run, logs: [{ n: 1, text: 'before' }], logsCursor: null });
      const cursors = [await log(world, run, 'one', 'two')];
      const running = await change(world, run, { status: 'running', progress: 0.5 });
      const step = await world.service.post(`/v1/runs/${run.id}/events`, { type: 'step.done', data: { step: 1 } });
      cursors.push((step.body as { cursor: string }).cursor);
      const finished = await change(world, run, { status: 'succeeded', message: 'All good', result: { passed: 3 } });
      expect(await stream.frame('done')).toEqual({ status: 'succeeded', message: 'All good', result: { passed: 3 } });
      await stream.end();
      expect(stream.seen.map(({ type, data }) => [type, data])).toEqual([
        ['run.log', { lines: [expect.objectContaining({ n: 2, text: 'one' }), expect.objectContaining({ n: 3 })] }],
        ['run.updated', { run: running }],
        ['step.done', { step: 1 }],
        ['run.updated', { run: finished }],
      ]);
      expect(cursors).toEqual([stream.seen[0]?.id, stream.seen[2]?.id]);
      expect(namesOf(stream)).toEqual(['snapshot', 'done']);
      const ids = stream.blocks.flatMap(({ id }) => id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('of a finished run is snapshot, done and its end; who comes back with its last id gets 204', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      await log(world, run, 'a line');
      await change(world, run, { status: 'failed', message: 'No' });
      const stream = await ada.follow(run);
      await stream.end();
      expect(namesOf(stream)).toEqual(['snapshot', 'done']);
      expect(await snapshotOf(stream)).toMatchObject({ run: { status: 'failed' }, logs: [{ n: 1 }] });
      expect(await stream.frame('done')).toEqual({ status: 'failed', message: 'No', result: null });
      const over = await ada.follow(run, '', cameBack(stream));
      expect(over.response.status).toBe(204);
      await over.end();
      const inUrl = await ada.follow(run, `?lastEventId=${stream.lastId}&from=start`);
      expect(inUrl.response.status).toBe(204);
      await inUrl.end();
    });

    it('that broke before done brings done to who comes back, wherever it broke', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      await log(world, run, 'one');
      await change(world, run, { status: 'cancelled' });
      const full = await ada.follow(run, '?from=start');
      await full.end();
      const ids = full.blocks.flatMap(({ id }) => id ?? []);
      expect(ids).toHaveLength(4);
      for (const [at, id] of ids.slice(0, -1).entries()) {
        const rest = await ada.follow(run, '', { headers: { 'last-event-id': id } });
        await rest.end();
        expect(rest.blocks.flatMap(({ id }) => id ?? [])).toEqual(ids.slice(at + 1));
        expect(namesOf(rest)).toEqual(['done']);
      }
      const fresh = await ada.follow(run);
      await fresh.end();
      const snapshotId = fresh.blocks.find(({ event }) => event === 'snapshot')?.id as string;
      const rest = await ada.follow(run, '', { headers: { 'last-event-id': snapshotId } });
      await rest.end();
      expect(namesOf(rest)).toEqual(['done']);
    });

    it('goes on after a cursor: what was missed and no snapshot, nothing twice', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      const first = await ada.follow(run);
      await snapshotOf(first);
      await log(world, run, '1', '2');
      await first.messages(1);
      await first.close();
      await log(world, run, '3');
      const second = await ada.follow(run, '', cameBack(first));
      await second.messages(1);
      await log(world, run, '4');
      await second.messages(2);
      expect(linesOf(second)).toEqual([3, 4]);
      expect(namesOf(second)).toEqual([]);
      await second.close();
    });

    it('starts anew by a cursor that is no place in this run: garbage, the future, another run’s', async () => {
      const world = newWorld();
      const [ada, run, other] = [await world.person('ada'), await newRun(world, 'all'), await newRun(world, 'all')];
      await log(world, run, 'mine');
      const foreign = await log(world, other, 'theirs');
      for (const cursor of ['x', foreign, foreign.replace(/-1-/, '-99-')]) {
        const stream = await ada.follow(run, '', { headers: { 'last-event-id': cursor } });
        expect(await snapshotOf(stream)).toMatchObject({ logs: [{ text: 'mine' }] });
        await stream.close();
      }
    });

    it('?from=start has no lines in its snapshot and brings all from the first, paced and then live', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      for (let batch = 0; batch < 30; batch += 1) {
        await log(world, run, ...upTo(100).map((n) => `${batch} ${n} ${'x'.repeat(200)}`));
      }
      const stream = await ada.follow(run, '?from=start');
      expect(await snapshotOf(stream)).toMatchObject({ run: { id: run.id }, logs: [], logsCursor: null });
      await stream.messages(30);
      await log(world, run, 'live');
      await stream.messages(31);
      expect(linesOf(stream)).toEqual(upTo(3_001));
      await stream.close();
      const bad = await ada.get(`/v1/runs/${run.id}/stream?from=middle`);
      expect(bad.status).toBe(400);
    });

    it('begins with the newest 1,000 lines, and a cursor that leads to all before them', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      for (let batch = 0; batch < 3; batch += 1) await log(world, run, ...upTo(500).map((n) => `${batch} ${n}`));
      const stream = await world.service.follow(run);
      const { logs, logsCursor } = await snapshotOf(stream);
      expect(logs.map(({ n }) => n)).toEqual(upTo(1_500, 501));
      const { body } = await world.service.get(`/v1/runs/${run.id}/logs?limit=1000&cursor=${logsCursor}`);
      expect((body as { items: RunLine[] }).items.map(({ n }) => n)).toEqual(upTo(500));
      await stream.close();
    });

    it('brings each line once and in order to who comes at any moment, on any process, while several write', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const followers: Promise<{ first: number[]; rest: number[] }>[] = [];
      const follow = async () => {
        const stream = await world.service.follow(run);
        const { logs } = await snapshotOf(stream);
        await stream.end();
        expect(namesOf(stream)).toEqual(['snapshot', 'done']);
        return { first: logs.map(({ n }) => n), rest: linesOf(stream) };
      };
      const write = async (writer: number) => {
        for (let batch = 0; batch < 25; batch += 1) {
          if (batch % 5 === 0) followers.push(follow());
          await log(world, run, `${writer} ${batch} a`, `${writer} ${batch} b`);
        }
      };
      await Promise.all([write(1), write(2), write(3)]);
      await change(world, run, { status: 'succeeded' });
      followers.push(follow());
      for (const { first, rest } of await Promise.all(followers)) expect([...first, ...rest]).toEqual(upTo(150));
    });

    it('opens with a ticket, and again with it when it comes back', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { scope: 'read' });
      const run = await newRun(world, 'user:ada');
      const { ticket } = (await ada.post('/v1/tickets')).body as { ticket: string };
      const stream = await world.anyone.follow(run, `?ticket=${ticket}`);
      await snapshotOf(stream);
      await stream.close();
      await log(world, run, 'meanwhile');
      const again = async (): Promise<StreamReader> => {
        const tried = await world.anyone.follow(run, `?ticket=${ticket}`, cameBack(stream));
        // The server learns of a closed tab a moment later.
        return tried.response.status === 401 ? again() : tried;
      };
      const second = await again();
      expect((await second.messages(1))[0]).toMatchObject({ type: 'run.log' });
      await change(world, run, { status: 'succeeded' });
      await second.end();
      const other = (await (await world.person('ben')).post('/v1/tickets')).body as { ticket: string };
      expect((await world.anyone.get(`/v1/runs/${run.id}/stream?ticket=${other.ticket}`)).status).toBe(404);
    });

    it('is one of 32 that a person has in a process, whatever runs they are of: with one more the oldest goes', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { processes = 1 } = world.harness;
      const runs = [await newRun(world, 'all'), await newRun(world, 'all'), await newRun(world, 'all')];
      const main = await (await ada.stream()).live();
      const others = await (await world.person('ben')).follow(runs[0] as Run);
      const streams: StreamReader[] = [];
      for (let n = 0; n <= 32 * processes; n += 1) {
        const stream = await ada.follow(runs[n % runs.length] as Run);
        await snapshotOf(stream);
        streams.push(stream);
      }
      const replaced = await Promise.any(
        streams.map(async (stream) => ({ stream, closing: await stream.frame('closing') })),
      );
      expect(replaced.closing).toMatchObject({ reason: 'replaced' });
      await replaced.stream.end();
      if (processes === 1) expect(streams.filter(({ ended }) => ended)).toEqual([streams[0]]);
      expect([main.ended, others.ended]).toEqual([false, false]);
      await Promise.all([main, others, ...streams].map((stream) => stream.close()));
    });

    it('is closed on every process when its person loses their access, and no other is', async () => {
      const world = newWorld();
      const { processes = 1 } = world.harness;
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const member = (user: string) => ({ channel: 'topic:ci', user });
      for (const user of ['ada', 'ben']) await world.service.put('/v1/memberships', member(user));
      const run = await newRun(world, 'topic:ci');
      const his = await ben.follow(run);
      const hers: StreamReader[] = [];
      // Each opened stream is a connection of its own, and those are handed out in turn.
      for (let n = 0; n < 2 * processes; n += 1) hers.push(await ada.follow(run));
      for (const stream of [his, ...hers]) await snapshotOf(stream);
      await world.service.delete('/v1/memberships?channel=topic:ci&user=ada');
      for (const stream of hers) {
        expect(await stream.frame('closing')).toMatchObject({ reason: 'access' });
        await stream.end();
      }
      expect((await ada.get(`/v1/runs/${run.id}/stream`)).status).toBe(404);
      expect((await ada.get('/v1/runs')).body).toMatchObject({ items: [] });
      await log(world, run, 'still told');
      expect((await his.messages(1))[0]).toMatchObject({ type: 'run.log' });
      await world.service.delete('/v1/channels?name=topic:ci');
      expect(await his.frame('closing')).toMatchObject({ reason: 'access' });
      await his.end();
    });

    it('brings no line that was logged after the loss was acknowledged', async () => {
      const world = newWorld();
      // Another process hears of it a moment later.
      if ((world.harness.processes ?? 1) > 1) return;
      const ada = await world.person('ada');
      for (let round = 0; round < 10; round += 1) {
        await world.service.put('/v1/memberships', { channel: 'topic:ci', user: 'ada' });
        const run = await newRun(world, 'topic:ci');
        const streams = await Promise.all(Array.from({ length: 3 }, () => ada.follow(run)));
        for (const stream of streams) await snapshotOf(stream);
        await world.service.delete('/v1/memberships?channel=topic:ci&user=ada');
        await log(world, run, 'secret');
        for (const stream of streams) {
          expect(await stream.frame('closing')).toMatchObject({ reason: 'access' });
          await stream.end();
          expect(JSON.stringify(stream.blocks)).not.toContain('secret');
        }
      }
    });

    it('answers HEAD without a stream, and 404 for what is not there', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const head = await world.service.call('HEAD', `/v1/runs/${run.id}/stream`);
      expect(head.headers.get('content-type')).toContain('text/event-stream');
      expect((await world.service.get('/v1/runs/none/stream')).status).toBe(404);
      expect((await world.service.get('/v1/runs/%00/stream')).status).toBe(404);
    });
  });
}

/** On a server whose streams beat fast. */
export function runStreamLifeContract(newWorld: NewWorld): void {
  describe('a run’s stream through a silence', () => {
    it('beats with a comment and an id-only block: how far it has been served', async () => {
      const world = newWorld();
      const run: Run = await newRun(world, 'all');
      const stream = await world.service.follow(run);
      await stream.frame('snapshot');
      const cursor = await log(world, run, 'a line');
      await stream.messages(1);
      const beat = await stream.block(({ comment, id }) => comment === 'hb' && id === cursor, 'a heartbeat');
      expect(beat).toEqual({ comment: 'hb', id: cursor });
      await stream.close();
    });
  });
}
