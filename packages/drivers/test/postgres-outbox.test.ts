import { type Core, createCore, type LogEvent, newId } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LOCKS } from '../src/store/postgres/locks.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  sqlOn,
  type TestServer,
} from './support/postgres-server.ts';

// For scripts that look what a test file needs: startPostgres.
const OFTEN = 20;

/** A Belfry without HTTP on this database, and what it announced. */
class Process {
  readonly events: LogEvent[] = [];
  readonly errors: string[] = [];
  readonly core: Core;

  static async start(url: string): Promise<Process> {
    return new Process(await openPostgresStore({ url }));
  }

  private constructor(store: Awaited<ReturnType<typeof openPostgresStore>>) {
    const announce = (events: readonly LogEvent[]) => void this.events.push(...events);
    this.core = createCore({ store, announce, onError: (error, what) => this.errors.push(`${what}: ${error}`) });
    this.core.relay.start();
  }

  async stop(): Promise<void> {
    await this.core.relay.stop();
    await this.core.store.close();
  }
}

describe.skipIf(isMissing(POSTGRES))('what SQL publishes', () => {
  let server: TestServer;
  let url: string;
  let app: Client;
  let processes: Process[];

  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
    processes = await Promise.all([Process.start(url), Process.start(url)]);
    app = new Client({ connectionString: url });
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await Promise.all(processes.map((one) => one.stop()));
    await dropDatabase(server.url, url);
    await server.dispose();
  });

  let tenants = 0;
  const newTenant = () => `sql-${++tenants}`;
  const ask = async (text: string, values: unknown[] = []) =>
    (await app.query(text, values)).rows[0] as Record<string, unknown>;

  async function logOf(tenant: string) {
    const store = processes[0]!.core.store;
    const { head } = await store.read('locate', { log: tenant, n: 0 });
    const range = { log: tenant, after: 0, upTo: head.n, grants: EVERYTHING, limit: 10_000, maxBytes: 1e9 };
    return (await store.read('readLog', range)).events;
  }

  /** Titles of notifications and types of events, once there are this many. */
  async function told(tenant: string, count: number): Promise<string[]> {
    for (;;) {
      const events = await logOf(tenant);
      if (events.length >= count) return events.map(titleOf);
      await new Promise((resolve) => setTimeout(resolve, OFTEN));
    }
  }

  /** After this no relay has anything left to do. */
  async function relayed(): Promise<void> {
    while ((await sqlOn(url, 'select 1 from belfry.outbox limit 1')).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, OFTEN));
    }
  }

  test('is a notification with all that was said, under the id that the call returned', async () => {
    const tenant = newTenant();
    const options = {
      body: 'More\u2028text',
      actionUrl: '/stories/7',
      actions: [{ id: 'open', label: 'Open', url: 'https://app.example/7' }],
      actor: { name: 'Ada' },
      icon: 'bell',
      severity: 'warning',
      subject: { kind: 'story', id: '7' },
      data: { deep: [1, null, 'x'] },
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
    const { id } = await ask('select belfry.notify($1, $2::text[], $3, $4, $5) as id', [
      tenant,
      ['user:ada', 'all', 'user:ada'],
      'comment',
      'Ada wrote',
      options,
    ]);
    await told(tenant, 1);
    const found = await processes[1]!.core.notifications.get(tenant, String(id));
    expect(found).toMatchObject({ id, to: ['user:ada', 'all'], type: 'comment', title: 'Ada wrote', ...options });
  });

  test('is delivered if and only if it is committed, in the order of the calls', async () => {
    const tenant = newTenant();
    await app.query('begin');
    await ask(`select belfry.notify($1, 'all', 'x', 'never')`, [tenant]);
    await app.query('rollback');
    await app.query('begin');
    await ask(`select belfry.notify($1, 'all', 'x', 'one')`, [tenant]);
    await app.query('savepoint s');
    await ask(`select belfry.notify($1, 'all', 'x', 'nor this')`, [tenant]);
    await app.query('rollback to s');
    await ask(`select belfry.publish($1, 'all', 'two.of', '{"two": 2}')`, [tenant]);
    await ask(`select belfry.notify($1, 'all', 'x', 'three')`, [tenant]);
    expect(await logOf(tenant)).toEqual([]);
    await app.query('commit');
    expect(await told(tenant, 3)).toEqual(['one', 'two.of', 'three']);
    await relayed();
    expect(await logOf(tenant)).toHaveLength(3);
  });

  test('comes from a trigger too', async () => {
    const tenant = newTenant();
    await app.query(`
      create table tasks (id integer primary key, title text, assignee text);
      create function tell_assignee() returns trigger language plpgsql as $$
      begin
        perform belfry.notify('${tenant}', 'user:' || new.assignee, 'task.assigned', new.title,
          jsonb_build_object('actionUrl', '/tasks/' || new.id));
        return new;
      end $$;
      create trigger tell_assignee after update of assignee on tasks for each row
        when (new.assignee is distinct from old.assignee) execute function tell_assignee();
      insert into tasks select i, 'task ' || i from generate_series(1, 300) i;
      update tasks set assignee = 'ada'`);
    const titles = await told(tenant, 300);
    expect(titles).toEqual(Array.from({ length: 300 }, (_, index) => `task ${index + 1}`));
  });

  test('waits for nobody: a transaction that stays open holds up no one, and what it commits late comes', async () => {
    const tenant = newTenant();
    const slow = new Client({ connectionString: url });
    await slow.connect();
    await slow.query('begin');
    await slow.query(`select belfry.notify($1, 'all', 'x', 'late')`, [tenant]);
    for (const title of ['a', 'b', 'c']) await ask(`select belfry.notify($1, 'all', 'x', $2)`, [tenant, title]);
    expect(await told(tenant, 3)).toEqual(['a', 'b', 'c']);
    await slow.query('commit');
    await slow.end();
    expect(await told(tenant, 4)).toEqual(['a', 'b', 'c', 'late']);
  });

  test('is relayed once, however many processes look', async () => {
    const tenant = newTenant();
    const before = processes.map(({ events }) => events.length);
    await ask(`select count(belfry.notify($1, 'all', 'x', 'n' || i)) from generate_series(1, 2000) i`, [tenant]);
    const titles = await told(tenant, 2_000);
    await relayed();
    expect(titles).toEqual(Array.from({ length: 2_000 }, (_, index) => `n${index + 1}`));
    expect(await logOf(tenant)).toHaveLength(2_000);
    const announced = processes.flatMap(({ events }, index) => events.slice(before[index]));
    expect(announced.filter((event) => event.tenant === tenant)).toHaveLength(2_000);
  });

  test('goes on when the process that relays is gone', async () => {
    const tenant = newTenant();
    const dying = await Process.start(url);
    const insert = `select belfry.notify($1, 'all', 'x', 'n' || $2::int)`;
    for (let n = 1; n <= 50; n += 1) {
      await ask(insert, [tenant, n]);
      if (n === 25) await dying.core.store.close();
    }
    expect(await told(tenant, 50)).toEqual(Array.from({ length: 50 }, (_, index) => `n${index + 1}`));
    await dying.stop();
  });

  test.each([
    [`'default', 'usr:1', 'x', 'Hi'`, /^belfry: to holds "usr:1"/],
    [`'default', null::text, 'x', 'Hi'`, /^belfry: to /],
    [`null, 'all', 'x', 'Hi'`, /^belfry: tenant /],
    [`'default', 'all', 'not ok', 'Hi'`, /^belfry: type /],
    [`'default', 'all', 'x', ''`, /^belfry: title must not be empty/],
    [`'default', 'all', 'x', repeat('🚲', 101)`, /^belfry: title is too long/],
    [`'default', 'all', 'x', 'Hi', '{"bdoy": 1}'`, /^belfry: options.bdoy is not a field/],
    [`'default', 'all', 'x', 'Hi', '[]'`, /^belfry: options must be an object/],
    [`'default', 'all', 'x', 'Hi', '{"actionUrl": "javascript:alert(1)"}'`, /^belfry: actionUrl /],
    [`'default', 'all', 'x', 'Hi', '{"actionUrl": "//evil.example"}'`, /^belfry: actionUrl /],
    [`'default', 'all', 'x', 'Hi', '{"severity": "loud"}'`, /^belfry: severity /],
    [`'default', 'all', 'x', 'Hi', '{"actions": [{"id": "a"}]}'`, /^belfry: actions.label is missing/],
    [`'default', 'all', 'x', 'Hi', '{"subject": {"kind": "k"}}'`, /^belfry: subject.id is missing/],
    [`'default', 'all', 'x', 'Hi', '{"expiresAt": "2020-01-01T00:00:00Z"}'`, /^belfry: expiresAt is in the past/],
    [`'default', 'all', 'x', 'Hi', '{"expiresAt": "2030-99-01T00:00:00Z"}'`, /^belfry: expiresAt must be a time/],
    [`'default', 'all', 'x', 'Hi', jsonb_build_object('data', repeat('x', 17000))`, /^belfry: data is too large/],
  ])('is refused by one SQLSTATE and a sentence: notify(%s)', async (call, message) => {
    await expect(app.query(`select belfry.notify(${call})`)).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(message),
    });
  });

  test('with belfry.strict off never fails the write it comes with, and what is wrong is kept as a dead letter', async () => {
    const tenant = newTenant();
    await app.query('begin; set local belfry.strict = off');
    await app.query('create temporary table mine (x integer) on commit drop; insert into mine values (1)');
    expect(await ask(`select belfry.notify($1, 'usr:1', 'x', 'Hi') as id`, [tenant])).toEqual({ id: null });
    expect(await ask(`select belfry.publish($1, 'all', 'run.mine', '{}') as id`, [tenant])).toEqual({ id: null });
    await ask(`select belfry.notify($1, 'all', 'x', 'right')`, [tenant]);
    expect(await ask('select x from mine')).toEqual({ x: 1 });
    await app.query('commit');
    expect(await told(tenant, 1)).toEqual(['right']);
    const letters = await sqlOn(url, 'select kind, reason from belfry.dead_letters where tenant = $1 order by id', [
      tenant,
    ]);
    expect(letters).toEqual([
      { kind: 'notification', reason: expect.stringContaining('usr:1') },
      { kind: 'event', reason: expect.stringContaining('type') },
    ]);
  });

  test('is checked alike whatever the session has set, and never fails a write that is not strict', async () => {
    const tenant = newTenant();
    await app.query('set standard_conforming_strings = off');
    const fine = '{"actionUrl": "https://app.example/7", "expiresAt": "2099-01-01T00:00:00Z"}';
    await ask(`select belfry.notify($1, 'all', 'x', 'fine', $2::jsonb)`, [tenant, fine]);
    await app.query('reset standard_conforming_strings; begin; set local belfry.strict = off');
    const large = `array_fill('x'::text || repeat('y', 3000000), array[100])`;
    expect(await ask(`select belfry.notify($1, ${large}, 'x', 'Hi') as id`, [tenant])).toEqual({ id: null });
    await app.query('commit');
    expect(await told(tenant, 1)).toEqual(['fine']);
    expect(
      await sqlOn(url, 'select length(body) as kept from belfry.dead_letters where tenant = $1', [tenant]),
    ).toEqual([{ kept: 2_008 }]);
  });

  test('that only delivery finds wrong is a dead letter and blocks nobody', async () => {
    const tenant = newTenant();
    await ask(`select belfry.notify($1, 'all', 'x', 'before')`, [tenant]);
    await ask(`select belfry.notify($1, 'all', 'x', 'bad address', '{"actionUrl": "https://[zz]/"}')`, [tenant]);
    const put = `insert into belfry.outbox (tenant, kind, body) values ($1, 'notification', $2)`;
    for (const body of ['no JSON', 'null']) await app.query(put, [tenant, body]);
    const { id } = await ask(`select belfry.notify($1, 'all', 'x', 'after') as id`, [tenant]);
    expect(await told(tenant, 2)).toEqual(['before', 'after']);
    await app.query(put, [tenant, JSON.stringify({ id, to: ['all'], type: 'x', title: 'the same id again' })]);
    await relayed();
    expect(await logOf(tenant)).toHaveLength(2);
    const letters = await sqlOn(url, 'select body, reason from belfry.dead_letters where tenant = $1 order by id', [
      tenant,
    ]);
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('actionUrl'),
      expect.stringContaining('JSON'),
      'The body is JSON, and no object.',
      expect.stringContaining('id'),
    ]);
  });

  test.each(['a/b', '', 'a b'])(
    'by hand for a tenant that can not be (%o) is told once, and is a dead letter',
    async (tenant) => {
      const other = newTenant();
      const body = JSON.stringify({ id: newId(Date.now()), to: ['all'], type: 'x', title: 'nowhere' });
      await app.query('begin');
      for (const kind of ['notification', 'run_log'])
        await app.query('insert into belfry.outbox (tenant, kind, body) values ($1, $2, $3)', [tenant, kind, body]);
      await ask(`select belfry.notify($1, 'all', 'x', 'after') as id`, [other]);
      await app.query('commit');
      expect(await told(other, 1)).toEqual(['after']);
      await relayed();
      const letters = await sqlOn(url, 'select body, reason from belfry.dead_letters where tenant = $1', [tenant]);
      const reason = `"${tenant}" is no tenant: a name starts with a letter or digit and may hold . _ ~ @ | + : -`;
      expect(letters).toEqual([
        { body, reason },
        { body, reason },
      ]);
      const errors = () => processes.flatMap((one) => one.errors.filter((text) => text.endsWith(reason)));
      await vi.waitFor(() => expect(errors()).toEqual([`2 rows of the outbox are now dead letters: ${reason}`]));
    },
  );

  test('waits for no other tenant, not even for one whose log is held for long', async () => {
    const [held, free] = [newTenant(), newTenant()];
    await ask(`select belfry.notify($1, 'all', 'x', 'first')`, [held]);
    await told(held, 1);
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('begin');
    const key = '(select id from belfry.logs where tenant = $2)';
    await holder.query(`select pg_advisory_xact_lock($1, ${key})`, [LOCKS.log, held]);
    let sent = 0;
    for (const title of ['one', 'two', 'three']) {
      await ask(`select belfry.notify($1, 'all', 'x', $2)`, [held, title]);
      await ask(`select belfry.notify($1, 'all', 'x', $2)`, [free, title]);
      sent += 1;
      expect((await told(free, sent)).at(-1)).toBe(title);
    }
    await holder.query('commit');
    await holder.end();
    expect(await told(held, 4)).toEqual(['first', 'one', 'two', 'three']);
  });

  test('that we fail to store is tried again, and in the end a dead letter that holds up nobody', async () => {
    const tenant = newTenant();
    await app.query(`
      create function refuse_it() returns trigger language plpgsql as $$
      begin
        if new.content like '%poison%' then raise exception 'a mistake of ours'; end if;
        return new;
      end $$;
      create trigger refuse_it before insert on belfry.notifications for each row execute function refuse_it()`);
    for (const title of ['before', 'poison', 'after'])
      await ask(`select belfry.notify($1, 'all', 'x', $2)`, [tenant, title]);
    expect(await told(tenant, 2)).toEqual(['before', 'after']);
    const letters = await sqlOn(url, 'select reason from belfry.dead_letters where tenant = $1', [tenant]);
    expect(letters).toEqual([{ reason: expect.stringContaining('could not') }]);
    await app.query('drop trigger refuse_it on belfry.notifications');
  });

  test('keeps dead letters for thirty days, and counts them for operators', async () => {
    const tenant = newTenant();
    const { store } = processes[0]!.core;
    const before = await store.read('outboxBacklog', { cap: 1_000 });
    const put = `insert into belfry.dead_letters (tenant, kind, reason, at) values ($1, 'event', $2, now() - $2::text::interval)`;
    for (const age of ['29 days', '31 days']) await app.query(put, [tenant, age]);
    const { waiting, dead } = await store.read('outboxBacklog', { cap: 1_000 });
    expect([waiting, dead - before.dead]).toEqual([0, 2]);
    expect((await store.read('outboxBacklog', { cap: 1 })).dead).toBe(1);
    await store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 1_000 });
    const kept = await sqlOn(url, 'select reason from belfry.dead_letters where tenant = $1', [tenant]);
    expect(kept).toEqual([{ reason: '29 days' }]);
  });

  test('can be called by an account that may see nothing else', async () => {
    const tenant = newTenant();
    await app.query(`create role belfry_app_${tenant.replace('-', '_')}`);
    const role = `belfry_app_${tenant.replace('-', '_')}`;
    await app.query(`grant usage on schema belfry to ${role}; set role ${role}`);
    try {
      await ask(`select belfry.notify($1, 'all', 'x', 'Hi')`, [tenant]);
      for (const table of ['outbox', 'dead_letters', 'notifications', 'events', 'api_keys', 'tickets']) {
        await expect(app.query(`select * from belfry.${table}`)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      await app.query(`reset role; revoke usage on schema belfry from ${role}; drop role ${role}`);
    }
    expect(await told(tenant, 1)).toEqual(['Hi']);
  });
});

function titleOf({ type, data }: LogEvent): string {
  const { notification } = JSON.parse(data) as { notification?: { title: string } };
  return notification?.title ?? type;
}
