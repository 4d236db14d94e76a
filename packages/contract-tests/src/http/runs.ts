import type { Run, RunLine } from '@belfry/protocol';
import { runShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { newRun } from './support/runs.ts';
import type { NewWorld } from './support/worlds.ts';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

/** Runs: what their reporters say, and what those who watch see by calls. */
export function runsContract(newWorld: NewWorld): void {
  describe('runs', () => {
    it('answers 201 with the run in the queue, in the shape of the contract', async () => {
      const world = newWorld();
      const body = {
        to: ['topic:ci', 'user:ada'],
        kind: 'build',
        title: 'Build 7',
        subject: { kind: 'story', id: '7' },
      };
      const answer = await world.service.post('/v1/runs', { ...body, data: { branch: 'main' } });
      expect(answer.status).toBe(201);
      const run = runShape.strict().parse(answer.body);
      expect(run).toMatchObject({ kind: 'build', title: 'Build 7', status: 'queued', progress: null, result: null });
      expect(run).toMatchObject({ startedAt: null, finishedAt: null, artifacts: [], data: { branch: 'main' } });
      expect((await world.service.get(`/v1/runs/${run.id}`)).body).toEqual(run);
    });

    it('answers a repeat of the same key with the first run', async () => {
      const world = newWorld();
      const once = () =>
        world.service.post(
          '/v1/runs',
          { to: 'all', kind: 'build', title: 'Once' },
          { headers: { 'idempotency-key': 'build 7' } },
        );
      const [first, again] = [await once(), await once()];
      expect(again.body).toEqual(first.body);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(((await world.service.get('/v1/runs')).body as { items: Run[] }).items).toHaveLength(1);
    });

    it('changes what the patch names, and tells it on the main streams of those who see the run', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const run = await newRun(world, 'user:ada');
      const patch = (body: object) => world.service.patch(`/v1/runs/${run.id}`, body);
      const running = await patch({ status: 'running', progress: 0.25, message: 'Compiling' });
      expect(running.body).toMatchObject({ status: 'running', progress: 0.25, message: 'Compiling' });
      expect((running.body as Run).startedAt).not.toBeNull();
      await patch({ progress: null, message: null });
      const done = await patch({ status: 'succeeded', result: { passed: 3 } });
      expect(done.body).toMatchObject({ progress: null, message: null, result: { passed: 3 } });
      const messages = await stream.messages(4);
      expect(messages.map(({ type }) => type)).toEqual(['run.created', 'run.updated', 'run.updated', 'run.finished']);
      expect(messages[3]).toMatchObject({ channel: 'user:ada', data: { run: done.body } });
      await stream.close();
    });

    it('stands in the state of those who see it until it has finished', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const run = await newRun(world, 'user:ada');
      const over = await newRun(world, 'user:ada');
      await world.service.post(`/v1/runs/${over.id}/cancel`);
      const state = async (caller: typeof ada) => {
        const { body } = await caller.get('/v1/stream?wait=0');
        return (body as { state: { runs: Run[] } }).state.runs;
      };
      expect(await state(ada)).toEqual([run]);
      expect(await state(ben)).toEqual([]);
      expect(await state(world.service)).toEqual([run]);
    });

    it('is seen by those who hold one of its channels; to others it is not there', async () => {
      const world = newWorld();
      const run = await newRun(world, 'topic:ci/main');
      const ben = await world.person('ben');
      for (const path of ['', '/logs', '/stream'])
        expectProblem(await ben.get(`/v1/runs/${run.id}${path}`), 'not_found');
      expectProblem(await ben.post(`/v1/runs/${run.id}/cancel`), 'not_found');
      expect((await ben.get('/v1/runs')).body).toEqual({ items: [], nextCursor: null });
      const cy = await world.person('cy', { channels: ['topic:ci/*'], scope: 'read' });
      expect((await cy.get(`/v1/runs/${run.id}`)).body).toEqual(run);
      expect((await cy.get('/v1/runs')).body).toEqual({ items: [run], nextCursor: null });
      expectProblem(await cy.post(`/v1/runs/${run.id}/cancel`), 'forbidden');
      expect((await cy.get(`/v1/runs/${UNKNOWN}`)).status).toBe(404);
    });

    it('can be ended by a person who sees it, and its reporter learns it by a 409', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      const answer = await ada.post(`/v1/runs/${run.id}/cancel`);
      expect(answer).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      const at = `/v1/runs/${run.id}`;
      const late: [string, object?][] = [
        ['/logs', { lines: [{ text: 'x' }] }],
        ['/events', { type: 'step', data: 1 }],
        ['/heartbeat'],
        ['/cancel'],
      ];
      for (const [path, body] of late) expectProblem(await world.service.post(at + path, body), 'run_finished');
      expectProblem(await world.service.patch(at, { status: 'succeeded' }), 'run_finished');
      expectProblem(await ada.post(`${at}/cancel`), 'run_finished');
    });

    it('lists newest first, filtered by status, kind and subject, page by page', async () => {
      const world = newWorld();
      const ids: string[] = [];
      for (let count = 0; count < 4; count += 1)
        ids.unshift((await newRun(world, 'all', { kind: `k${count % 2}` })).id);
      await world.service.patch(`/v1/runs/${ids[0]}`, { status: 'failed' });
      const about = await newRun(world, 'all', { kind: 'k9', subject: { kind: 'story', id: 'a:7' } });
      const listed = async (query: string) => {
        const { body, status } = await world.service.get(`/v1/runs${query}`);
        expect(status, query).toBe(200);
        return (body as { items: Run[] }).items.map(({ id }) => id);
      };
      expect(await listed('')).toEqual([about.id, ...ids]);
      expect(await listed('?status=failed')).toEqual([ids[0]]);
      expect(await listed('?status=queued,running&kind=k1')).toEqual([ids[2]]);
      expect(await listed('?subject=story:a:7')).toEqual([about.id]);
      const { body } = await world.service.get('/v1/runs?limit=2');
      const { nextCursor } = body as { nextCursor: string };
      expect(await listed(`?limit=10&cursor=${nextCursor}`)).toEqual(ids.slice(1));
      for (const [name, query] of [
        ['status', '?status=over'],
        ['cursor', '?cursor=x'],
        ['subject', '?subject=story'],
        ['limit', '?limit=0'],
        ['kinds', '?kinds=x'],
      ] as const) {
        expectProblem(await world.service.get(`/v1/runs${query}`), 'invalid', name);
      }
    });

    it('lists the runs of ?channels= only, as the state of a stream with them has it', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:ci/*'] });
      await newRun(world, 'user:ada');
      const main = await newRun(world, 'topic:ci/main', { subject: { kind: 'story', id: '7' } });
      const other = await newRun(world, 'topic:docs');
      const ids = async (caller: typeof ada, query: string) =>
        ((await caller.get(`/v1/runs?${query}`)).body as { items: Run[] }).items.map(({ id }) => id);
      expect(await ids(ada, 'channels=topic:ci/*')).toEqual([main.id]);
      expect(await ids(ada, 'channels=topic:ci/main&subject=story:7')).toEqual([main.id]);
      expect(await ids(ada, 'channels=user:ada&subject=story:7')).toEqual([]);
      expect(await ids(world.service, 'channels=topic:ci/*,topic:docs')).toEqual([other.id, main.id]);
      const { body } = await ada.get('/v1/stream?channels=topic:ci/*&wait=0');
      expect((body as { state: { runs: Run[] } }).state.runs.map(({ id }) => id)).toEqual([main.id]);
      expectProblem(await ada.get('/v1/runs?channels=topic:docs'), 'forbidden', 'channels');
      expectProblem(await ada.get('/v1/runs?channels=nope'), 'invalid', 'channels');
    });

    it('keeps lines in order, numbered from 1, and gives them back page by page', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const run = await newRun(world, 'user:ada');
      const log = (lines: object[]) => world.service.post(`/v1/runs/${run.id}/logs`, { lines });
      const first = await log([
        { text: 'one' },
        { text: '\tindented', level: 'error', time: '2030-01-01T02:00:00+02:00' },
      ]);
      expect(first).toMatchObject({ status: 202, body: { cursor: expect.any(String) } });
      for (let n = 3; n <= 60; n += 2) await log([{ text: `${n}` }, { text: `${n + 1}` }]);
      const newest = (await ada.get(`/v1/runs/${run.id}/logs`)).body as { items: RunLine[]; nextCursor: string };
      expect(newest.items.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, at) => at + 11));
      const earlier = (await ada.get(`/v1/runs/${run.id}/logs?limit=1000&cursor=${newest.nextCursor}`)).body as {
        items: RunLine[];
      };
      expect(earlier).toMatchObject({ nextCursor: null });
      expect(earlier.items.slice(0, 2)).toEqual([
        { n: 1, time: expect.stringMatching(/Z$/), level: 'info', text: 'one' },
        { n: 2, time: '2030-01-01T00:00:00.000Z', level: 'error', text: '\tindented' },
      ]);
      expect(earlier.items).toHaveLength(10);
      expectProblem(await ada.get(`/v1/runs/${run.id}/logs?cursor=x`), 'invalid', 'cursor');
      expectProblem(await ada.get(`/v1/runs/${run.id}/logs?cursor=other0-1-l1`), 'invalid', 'cursor');
    });

    it('cleans lines of what moves a terminal, and keeps the rest of them', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const texts = ['\u001b[31mred\u001b[0m', 'ends\r\n', 'a\rb\u0007', '\0\u009b2J', 'tab\there', '', 'é✓😀'];
      await world.service.post(`/v1/runs/${run.id}/logs`, { lines: texts.map((text) => ({ text })) });
      const { body } = await world.service.get(`/v1/runs/${run.id}/logs`);
      const kept = (body as { items: RunLine[] }).items.map(({ text }) => text);
      expect(kept).toEqual(['red', 'ends', 'a\ufffdb\ufffd', '\ufffd\ufffd2J', 'tab\there', '', 'é✓😀']);
    });
  });
}
