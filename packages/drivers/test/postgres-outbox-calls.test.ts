import type { LogEvent, Service } from '@belfry/core';
import type { Run } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, POSTGRES, sqlOn } from './support/postgres-server.ts';
import { openSqlBench, type SqlBench } from './support/sql-processes.ts';

// For scripts that look what a test file needs: startPostgres.
const ANYONE = (tenant: string): Service => ({
  kind: 'service',
  tenant,
  key: 'test',
  scopes: ['publish', 'read'],
  tenants: 'all',
});

describe.skipIf(isMissing(POSTGRES))('what SQL calls', () => {
  let bench: SqlBench;

  beforeAll(async () => {
    bench = await openSqlBench();
  });
  afterAll(() => bench.close());

  const idOf = async (text: string, values: unknown[]) => String((await bench.one(`select ${text} as id`, values)).id);
  const questionOf = async (tenant: string, id: string) =>
    (await bench.cores[1]!.questions.get(ANYONE(tenant), id)).question;
  const runOf = (tenant: string, id: string) => bench.cores[1]!.runs.get(ANYONE(tenant), id);

  test('asks with all that was said, under the id that the call returned', async () => {
    const tenant = bench.newTenant();
    const options = {
      description: '**Now?**',
      options: ['yes', { value: 'no', title: 'Not yet' }],
      subject: { kind: 'story', id: '7' },
      assignee: 'ada',
      run: await idOf(`belfry.run($1, 'all', 'build', 'A build')`, [tenant]),
      data: { product: 3 },
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
    const id = await idOf(`belfry.ask($1, array['user:ada', 'topic:products/3'], 'Ship it?', $2)`, [tenant, options]);
    expect((await bench.logOf(tenant)).map(({ type, to }) => ({ type, to }))).toEqual([
      { type: 'run.created', to: ['all'] },
      { type: 'question.opened', to: ['user:ada', 'topic:products/3'] },
      { type: 'run.updated', to: ['all'] },
    ]);
    expect((await runOf(tenant, options.run)).status).toBe('input_required');
    const { options: _, ...kept } = options;
    expect(await questionOf(tenant, id)).toMatchObject({ id, ...kept, status: 'open', answerBy: 'person' });
  });

  test('answers as a service, or in the name of a person whom the application vouches for', async () => {
    const tenant = bench.newTenant();
    // Memberships of the person's must not narrow what the application says of them.
    await bench.one(`select belfry.grant($1, 'topic:elsewhere', 'ada')`, [tenant]);
    const mine = await idOf(`belfry.ask($1, 'topic:x', 'For a service?', '{"answerBy": "service"}')`, [tenant]);
    const theirs = await idOf(`belfry.ask($1, 'topic:x', 'For a person?', '{"options": ["yes", "no"]}')`, [tenant]);
    await bench.one(`select belfry.answer($1, $2, 'decline')`, [tenant, mine]);
    const given = `belfry.answer($1, $2, 'accept', '{"value": "yes"}', by_user => 'ada', by_name => 'Ada')`;
    expect(await idOf(given, [tenant, theirs])).toBe(theirs);
    await bench.logOf(tenant);
    expect((await questionOf(tenant, mine)).answer).toMatchObject({
      action: 'decline',
      content: null,
      by: { user: 'sql', name: null },
    });
    expect((await questionOf(tenant, theirs)).answer).toMatchObject({
      content: { value: 'yes' },
      by: { user: 'ada', name: 'Ada' },
    });
  });

  test('does all of a transaction in the order of its calls if it commits, and nothing if it does not', async () => {
    const tenant = bench.newTenant();
    const all = async () => {
      await bench.one(`select belfry.grant($1, 'topic:jobs/*', 'ada')`, [tenant]);
      const run = await idOf(`belfry.run($1, 'topic:jobs/1', 'build', 'Build 1')`, [tenant]);
      await bench.one(`select belfry.run_update($1, $2, '{"status": "running", "progress": 0.5}')`, [tenant, run]);
      await bench.one(
        `select belfry.run_log($1, $2, 'one'), belfry.run_log($1, $2, '["two", {"text": "three"}]'::jsonb)`,
        [tenant, run],
      );
      const question = await idOf(`belfry.ask($1, 'topic:jobs/1', 'Go on?')`, [tenant]);
      await bench.one(`select belfry.notify($1, 'user:ada', 'x', 'Look')`, [tenant]);
      await bench.one(`select belfry.cancel($1, $2)`, [tenant, question]);
      await bench.one(`select belfry.run_update($1, $2, '{"status": "succeeded", "result": {"ok": true}}')`, [
        tenant,
        run,
      ]);
      await bench.one(`select belfry.publish($1, 'all', 'all.done', '{}')`, [tenant]);
      await bench.one(`select belfry.revoke($1, 'topic:jobs/*', 'ada')`, [tenant]);
      return run;
    };
    await bench.app.query('begin');
    const undone = await all();
    await bench.app.query('rollback');
    await bench.app.query('begin');
    const run = await all();
    expect(await bench.logOf(tenant)).toEqual([]);
    await bench.app.query('commit');
    expect((await bench.logOf(tenant)).map(({ type }) => type)).toEqual([
      'access.granted',
      'run.created',
      'run.updated',
      'question.opened',
      'notification.created',
      'question.cancelled',
      'run.finished',
      'all.done',
      'access.revoked',
    ]);
    expect((await bench.logOf(`${tenant}/${run}`)).map(typeOrLines)).toEqual([
      'run.updated',
      ['one'],
      ['two', 'three'],
      'run.updated',
      'run.finished',
    ]);
    expect(await runOf(tenant, run)).toMatchObject({ status: 'succeeded', progress: 0.5, result: { ok: true } });
    await expect(runOf(tenant, undone)).rejects.toMatchObject({ code: 'not_found' });
    expect(await bench.lettersOf(tenant)).toEqual([]);
  });

  test('says how long a run may be silent, as for who takes it up, and then it is interrupted', async () => {
    const tenant = bench.newTenant();
    const [given, taken] = [
      await idOf(`belfry.run($1, 'all', 'job', 'A job', '{"heartbeatTimeoutSeconds": 1}')`, [tenant]),
      await idOf(`belfry.run($1, 'all', 'job', 'Another')`, [tenant]),
    ];
    await bench.one(`select belfry.run_update($1, $2, '{"status": "running", "heartbeatTimeoutSeconds": null}')`, [
      tenant,
      given,
    ]);
    await bench.one(`select belfry.run_update($1, $2, '{"status": "running", "heartbeatTimeoutSeconds": 1}')`, [
      tenant,
      taken,
    ]);
    // No process here sweeps by itself.
    const swept = async () => {
      await bench.cores[0]!.store.commit('expire', { limit: 100 });
      return (await runOf(tenant, taken)).status;
    };
    await expect.poll(swept, { timeout: 30_000 }).toBe('interrupted');
    expect((await runOf(tenant, given)).status).toBe('running');
    expect(await bench.lettersOf(tenant)).toEqual([]);
  });

  test('that is refused when it is applied is a dead letter with the reason, and the rest goes on', async () => {
    const tenant = bench.newTenant();
    const question = await idOf(`belfry.ask($1, 'all', 'Who?', '{"answerBy": "service"}')`, [tenant]);
    const run = await idOf(`belfry.run($1, 'all', 'job', 'A job')`, [tenant]);
    await bench.app.query('begin');
    const call = (text: string) => bench.one(`select ${text}`, [tenant]);
    await call(`belfry.answer($1, '${question}', 'accept', '{"value": 7}')`);
    await call(`belfry.answer($1, '${question}', 'accept', '{"value": "first"}')`);
    await call(`belfry.answer($1, '${question}', 'accept', '{"value": "second"}')`);
    await call(`belfry.cancel($1, '${question}')`);
    await call(`belfry.cancel($1, 'nothing')`);
    await call(`belfry.run_update($1, '${run}', '{"status": "failed"}')`);
    await call(`belfry.run_update($1, '${run}', '{"status": "succeeded"}')`);
    await call(`belfry.run_log($1, '${run}', 'too late')`);
    await call(`belfry.run_log($1, 'nothing', 'to nobody')`);
    await call(
      `belfry.ask($1, 'all', 'Odd?', '{"schema": {"type": "object", "properties": {"a": {"type": "string", "format": "odd"}}}}')`,
    );
    await call(`belfry.ask($1, 'all', 'About what?', '{"run": "nothing"}')`);
    await call(`belfry.notify($1, 'all', 'x', 'after')`);
    await bench.app.query('commit');
    expect((await bench.logOf(tenant)).map(({ type }) => type)).toEqual([
      'question.opened',
      'run.created',
      'question.answered',
      'run.finished',
      'notification.created',
    ]);
    expect(await bench.lettersOf(tenant)).toEqual([
      { kind: 'answer', reason: expect.stringContaining('content.value') },
      { kind: 'answer', reason: expect.stringContaining('was first') },
      { kind: 'cancel', reason: expect.stringContaining('was first') },
      { kind: 'cancel', reason: expect.stringContaining('no such question') },
      { kind: 'run_update', reason: expect.stringContaining('has finished') },
      { kind: 'run_log', reason: expect.stringContaining('has finished') },
      { kind: 'run_log', reason: expect.stringContaining('no such run') },
      { kind: 'ask', reason: expect.stringContaining('format') },
      { kind: 'ask', reason: expect.stringContaining('run names no run') },
    ]);
    expect((await bench.logOf(`${tenant}/${run}`)).map(typeOrLines)).toEqual(['run.updated', 'run.finished']);
    expect(await sqlOn(bench.url, 'select 1 from belfry.logs where tenant = $1', [`${tenant}/nothing`])).toEqual([]);
  });

  test('is done once, however many processes look', async () => {
    const tenant = bench.newTenant();
    await bench.one(
      `select count(belfry.run_update($1, belfry.run($1, 'all', 'job', 'job ' || i), '{"status": "succeeded"}'))
       from generate_series(1, 60) i`,
      [tenant],
    );
    const titles = (await bench.logOf(tenant)).map(runTitle);
    const expected = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(titles).toEqual(expected.flatMap((n) => [`run.created job ${n}`, `run.finished job ${n}`]));
    expect(bench.announced.filter((event) => event.tenant === tenant && event.run === undefined)).toHaveLength(120);
    expect(await bench.lettersOf(tenant)).toEqual([]);
  });

  test('waits for nobody: a transaction that stays open holds up no one', async () => {
    const tenant = bench.newTenant();
    const question = await idOf(`belfry.ask($1, 'all', 'Who is first?', '{"answerBy": "service"}')`, [tenant]);
    await bench.logOf(tenant);
    await bench.app.query('begin');
    await bench.one(`select belfry.answer($1, $2, 'accept', '{"value": "slow"}')`, [tenant, question]);
    await sqlOn(bench.url, `select belfry.answer($1, $2, 'accept', '{"value": "quick"}')`, [tenant, question]);
    await bench.logOf(tenant);
    expect((await questionOf(tenant, question)).answer?.content).toEqual({ value: 'quick' });
    await bench.app.query('commit');
    expect(await bench.lettersOf(tenant)).toEqual([{ kind: 'answer', reason: expect.stringContaining('was first') }]);
  });

  test('never reaches into another tenant', async () => {
    const [mine, other] = [bench.newTenant(), bench.newTenant()];
    const question = await idOf(`belfry.ask($1, 'all', 'Whose?', '{"answerBy": "service"}')`, [mine]);
    const run = await idOf(`belfry.run($1, 'all', 'job', 'Mine')`, [mine]);
    await bench.logOf(mine);
    await bench.one(
      `select belfry.answer($1, $2, 'accept', '{"value": "x"}'), belfry.cancel($1, $2),
       belfry.run_update($1, $3, '{"status": "failed"}'), belfry.run_log($1, $3, 'x')`,
      [other, question, run],
    );
    expect(await bench.logOf(other)).toEqual([]);
    expect((await bench.lettersOf(other)).map(({ kind }) => kind)).toEqual([
      'answer',
      'cancel',
      'run_update',
      'run_log',
    ]);
    expect((await questionOf(mine, question)).status).toBe('open');
    expect((await runOf(mine, run)).status).toBe('queued');
  });

  test('grants and revokes in order with what is published between', async () => {
    const tenant = bench.newTenant();
    expect(await idOf(`belfry.grant($1, 'role:editor', 'ada')`, [tenant])).toBe('role:editor');
    await bench.one(`select belfry.grant($1, 'topic:a/*', 'ada'), belfry.revoke($1, 'role:editor', 'ada')`, [tenant]);
    await bench.logOf(tenant);
    expect(await bench.cores[1]!.memberships.list({ tenant, of: { user: 'ada' }, after: null, limit: 10 })).toEqual([
      { user: 'ada', channel: 'topic:a/*' },
    ]);
  });

  test('gives a notification its fallback', async () => {
    const tenant = bench.newTenant();
    const options = { fallback: { afterSeconds: 900, until: 'read' } };
    await bench.one(`select belfry.notify($1, 'user:ada', 'x', 'Hi', $2)`, [tenant, options]);
    await bench.logOf(tenant);
    const kept = 'select until from belfry.fallbacks where log = (select id from belfry.logs where tenant = $1)';
    expect(await sqlOn(bench.url, kept, [tenant])).toEqual([{ until: 'read' }]);
  });
});

function typeOrLines({ type, data }: LogEvent): string | string[] {
  const { lines } = JSON.parse(data) as { lines?: { text: string }[] };
  return lines?.map(({ text }) => text) ?? type;
}

function runTitle({ type, data }: LogEvent): string {
  return `${type} ${(JSON.parse(data) as { run: Run }).run.title}`;
}
