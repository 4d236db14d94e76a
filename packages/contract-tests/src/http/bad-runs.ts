import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { log, newRun } from './support/runs.ts';
import type { NewWorld } from './support/worlds.ts';

const GOOD = { to: 'all', kind: 'build', title: 'A build' };

/** What is wrong with what is said of a run: one clear error that names the field, and nothing done. */
export function badRunsContract(newWorld: NewWorld): void {
  describe('what is wrong with a run', () => {
    it('is told of a new one by its field', async () => {
      const world = newWorld();
      const cases: [string, object][] = [
        ['to', { kind: 'build', title: 'x' }],
        ['to', { ...GOOD, to: 'nobody' }],
        ['kind', { ...GOOD, kind: '' }],
        ['title', { ...GOOD, title: 'x'.repeat(201) }],
        ['status', { ...GOOD, status: 'running' }],
        ['heartbeatTimeoutSeconds', { ...GOOD, heartbeatTimeoutSeconds: 0 }],
        ['heartbeatTimeoutSeconds', { ...GOOD, heartbeatTimeoutSeconds: '30' }],
        ['data', { ...GOOD, data: 'x'.repeat(17_000) }],
        ['subject.id', { ...GOOD, subject: { kind: 'story' } }],
      ];
      for (const [field, body] of cases) expectProblem(await world.service.post('/v1/runs', body), 'invalid', field);
      expect((await world.service.get('/v1/runs')).body).toMatchObject({ items: [] });
    });

    it('is told of a change by its field, and changes nothing', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const artifact = { name: 'report', url: 'https://example.com/r' };
      const cases: [string, string][] = [
        ['progress', '{"progress":1.01}'],
        ['progress', '{"progress":-1}'],
        ['progress', '{"progress":"NaN"}'],
        ['body', '{"progress":NaN}'],
        ['progress', '{"progress":1e999}'],
        ['status', '{"status":"interrupted"}'],
        ['status', '{"status":"done"}'],
        ['body', '{}'],
        ['title', '{"title":"x"}'],
        ['message', JSON.stringify({ message: 'x'.repeat(4_001) })],
        ['heartbeatTimeoutSeconds', JSON.stringify({ heartbeatTimeoutSeconds: 0 })],
        ['artifacts.0.url', JSON.stringify({ artifacts: [{ ...artifact, url: 'javascript:alert(1)' }] })],
        ['artifacts.0.url', JSON.stringify({ artifacts: [{ ...artifact, url: '/etc/passwd' }] })],
        ['artifacts.0.url', JSON.stringify({ artifacts: [{ ...artifact, url: 'https://a/\r\nset-cookie: x' }] })],
        ['artifacts.0.name', JSON.stringify({ artifacts: [{ ...artifact, name: '..' }] })],
        ['artifacts.0.size', JSON.stringify({ artifacts: [{ ...artifact, size: -1 }] })],
        ['artifacts', JSON.stringify({ artifacts: [artifact, artifact] })],
      ];
      for (const [field, raw] of cases) {
        const headers = { 'content-type': 'application/json' };
        const answer = await world.service.call('PATCH', `/v1/runs/${run.id}`, undefined, { raw, headers });
        expectProblem(answer, 'invalid', field);
      }
      expect((await world.service.get(`/v1/runs/${run.id}`)).body).toEqual(run);
    });

    it('is told of a status that it can’t go to', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      await world.service.patch(`/v1/runs/${run.id}`, { status: 'running' });
      expectProblem(await world.service.patch(`/v1/runs/${run.id}`, { status: 'queued' }), 'invalid', 'status');
    });

    it('is told of lines by the line and its field, and keeps none of their batch', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const logs = (lines: unknown) => world.service.post(`/v1/runs/${run.id}/logs`, { lines });
      const good = { text: 'good' };
      const cases: [string, unknown][] = [
        ['lines', []],
        ['lines', Array.from({ length: 1_001 }, () => good)],
        ['lines.1.text', [good, { text: 'x'.repeat(16_385) }]],
        ['lines.1.text', [good, { text: '✓'.repeat(5_462) }]],
        ['lines.0.text', [{ text: 7 }]],
        ['lines.0.text', [{}]],
        ['lines.0.level', [{ ...good, level: 'x'.repeat(21) }]],
        ['lines.0.level', [{ ...good, level: 'two words' }]],
        ['lines.0.time', [{ ...good, time: 'now' }]],
        ['lines.0.n', [{ ...good, n: 1 }]],
      ];
      for (const [field, lines] of cases) expectProblem(await logs(lines), 'invalid', field);
      expectProblem(await logs([good, { text: 'x'.repeat(1_048_576) }]), 'too_large', 'body');
      expect((await world.service.get(`/v1/runs/${run.id}/logs`)).body).toEqual({ items: [], nextCursor: null });
      await log(world, run, `${'x'.repeat(16_384)}\r\n`);
    });

    it('is told of events and heartbeats too', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const at = `/v1/runs/${run.id}`;
      expectProblem(await world.service.post(`${at}/events`, { type: 'run.log', data: 1 }), 'invalid', 'type');
      expectProblem(await world.service.post(`${at}/events`, { type: 'step' }), 'invalid', 'data');
      expectProblem(await world.service.post(`${at}/events`, { type: 'step', data: 1, to: 'all' }), 'invalid', 'to');
      expectProblem(await world.service.post(`${at}/heartbeat`, { alive: true }), 'invalid', 'alive');
    });

    it('is refused to those who may not: 403 before 400 and 404', async () => {
      const world = newWorld();
      const run = await newRun(world, 'all');
      const reader = world.keyed((await world.key(['read'])).secret);
      const publisher = world.keyed((await world.key(['publish'])).secret);
      for (const caller of [await world.person('ada'), reader]) {
        expectProblem(await caller.post('/v1/runs', {}), 'forbidden');
        expectProblem(await caller.patch(`/v1/runs/${run.id}`, {}), 'forbidden');
        for (const path of ['logs', 'events', 'heartbeat'])
          expectProblem(await caller.post(`/v1/runs/none/${path}`, {}), 'forbidden');
      }
      for (const path of ['', `/${run.id}`, `/${run.id}/logs`, `/${run.id}/stream`]) {
        expectProblem(await publisher.get(`/v1/runs${path}`), 'forbidden');
        expectProblem(await world.anyone.get(`/v1/runs${path}`), 'unauthenticated');
      }
      expectProblem(await reader.post(`/v1/runs/${run.id}/cancel`), 'forbidden');
      const limited = await publisher.post(`/v1/runs/${run.id}/logs`, { lines: [{ text: 'x' }] });
      expect(limited.status).toBe(202);
    });
  });
}
