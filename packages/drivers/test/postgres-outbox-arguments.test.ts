import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, POSTGRES } from './support/postgres-server.ts';
import { openSqlBench, type SqlBench } from './support/sql-processes.ts';

// For scripts that look what a test file needs: startPostgres.
const WRONG: [string, RegExp][] = [
  [`ask(null, 'all', 'Why?')`, /^belfry: tenant /],
  [`ask('t', 'usr:1', 'Why?')`, /^belfry: to holds "usr:1"/],
  [`ask('t', array[]::text[], 'Why?')`, /^belfry: to /],
  [`ask('t', 'all', '')`, /^belfry: message must not be empty/],
  [`ask('t', 'all', repeat('x', 1001))`, /^belfry: message is too long/],
  [`ask('t', 'all', 'Why?', '{"optoins": []}')`, /^belfry: options.optoins is not a field/],
  [`ask('t', 'all', 'Why?', '{"options": []}')`, /^belfry: options.options must not be empty/],
  [`ask('t', 'all', 'Why?', '{"options": [7]}')`, /^belfry: options.options must be text/],
  [
    `ask('t', 'all', 'Why?', '{"options": ["a"], "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}')`,
    /^belfry: schema must be left out/,
  ],
  [`ask('t', 'all', 'Why?', '{"schema": {"type": "array"}}')`, /^belfry: schema.type must be one of "object"/],
  [
    `ask('t', 'all', 'Why?', '{"schema": {"type": "object", "properties": {"a": {"type": "object"}}}}')`,
    /^belfry: schema.properties.a.type /,
  ],
  [
    `ask('t', 'all', 'Why?', '{"schema": {"type": "object", "properties": {"a": {"type": "string", "pattern": "a"}}}}')`,
    /^belfry: schema.properties.a.pattern is not/,
  ],
  [`ask('t', 'all', 'Why?', '{"expiresInSeconds": "1"}')`, /^belfry: expiresInSeconds /],
  [
    `ask('t', 'all', 'Why?', '{"expiresInSeconds": 1, "expiresAt": "2099-01-01T00:00:00Z"}')`,
    /^belfry: expiresInSeconds must be left out/,
  ],
  [`ask('t', 'all', 'Why?', '{"expiresAt": "2020-01-01T00:00:00Z"}')`, /^belfry: expiresAt is in the past/],
  [`ask('t', 'all', 'Why?', '{"answerBy": "me"}')`, /^belfry: answerBy must be one of/],
  [`ask('t', 'all', 'Why?', '{"askedBy": {"user": "no one"}}')`, /^belfry: askedBy.user /],
  [
    `ask('t', 'all', 'Why?', '{"askedBy": {"user": "ada"}, "answerBy": "person"}')`,
    /^belfry: answerBy must be service/,
  ],
  [`answer('t', '', 'accept')`, /^belfry: id must not be empty/],
  [`answer('t', null, 'accept')`, /^belfry: id is missing/],
  [`answer('t', 'q', 'agree')`, /^belfry: action must be one of "accept", "decline"/],
  [`answer('t', 'q', null)`, /^belfry: action must be one of/],
  [`answer('t', 'q', 'accept', '[]')`, /^belfry: content must be an object/],
  [`answer('t', 'q', 'decline', '{"value": "x"}')`, /^belfry: content must be left out/],
  [`answer('t', 'q', 'accept', by_user => 'no one')`, /^belfry: by_user /],
  [`answer('t', 'q', 'accept', by_name => 'Ada')`, /^belfry: by_name must be left out/],
  [`cancel('t/u', 'q')`, /^belfry: tenant /],
  [`run('t', 'all', '', 'Build')`, /^belfry: kind must not be empty/],
  [`run('t', 'all', 'build', null)`, /^belfry: title is missing/],
  [
    `run('t', 'all', 'build', 'Build', '{"heartbeatTimeoutSeconds": 0}')`,
    /^belfry: heartbeatTimeoutSeconds must be a number from 1/,
  ],
  [`run('t', 'all', 'build', 'Build', '{"status": "running"}')`, /^belfry: options.status is not a field/],
  [`run_update('t', 'r', '{}')`, /^belfry: changes must change something/],
  [`run_update('t', 'r', null)`, /^belfry: changes must change something/],
  [`run_update('t', 'r', '{"status": "interrupted"}')`, /^belfry: status must be one of/],
  [`run_update('t', 'r', '{"heartbeatTimeoutSeconds": 0}')`, /^belfry: heartbeatTimeoutSeconds must be a number/],
  [`run_update('t', 'r', '{"progress": 1.5}')`, /^belfry: progress must be a number from 0 to 1/],
  [`run_update('t', 'r', '{"progress": "NaN"}')`, /^belfry: progress must be a number/],
  [`run_update('t', 'r', '{"artifacts": [{"name": "a", "url": "/a"}]}')`, /^belfry: artifacts.url must be an http/],
  [`run_log('t', 'r', null::text)`, /^belfry: lines.text must be text/],
  [`run_log('t', 'r', '[]'::jsonb)`, /^belfry: lines must not be empty/],
  [`run_log('t', 'r', '[7]'::jsonb)`, /^belfry: lines must be an object/],
  [`run_log('t', 'r', repeat('x', 1000000))`, /^belfry: lines.text is too large/],
  [`run_log('t', 'r', 'x', 'very loud')`, /^belfry: lines.level /],
  [`run_log('t', 'r', '[{"text": "x", "time": "noon"}]'::jsonb)`, /^belfry: lines.time must be a time/],
  [`"grant"('t', 'user:ada', 'ada')`, /^belfry: channel must be topic:/],
  [`"grant"('t', 'role:*', 'ada')`, /^belfry: channel must be topic:/],
  [`"grant"('t', 'topic:a', 'no one')`, /^belfry: user must start with/],
  [`revoke('t', null, 'ada')`, /^belfry: channel must be topic:/],
  [`revoke('t', 'topic:a', null)`, /^belfry: user must start with/],
  [
    `notify('t', 'all', 'x', 'Hi', '{"fallback": {"afterSeconds": 0, "until": "seen"}}')`,
    /^belfry: fallback.afterSeconds /,
  ],
  [`notify('t', 'all', 'x', 'Hi', '{"fallback": {"afterSeconds": 9}}')`, /^belfry: fallback.until must be one of/],
  [`notify('t', 'all', 'x', 'Hi', '{"fallback": {"until": "seen"}}')`, /^belfry: fallback.afterSeconds is missing/],
];

describe.skipIf(isMissing(POSTGRES))('a wrong argument', () => {
  let bench: SqlBench;

  beforeAll(async () => {
    bench = await openSqlBench();
  });
  afterAll(() => bench.close());

  test.each(WRONG)('is refused by one SQLSTATE and a sentence: %s', async (call, message) => {
    await expect(bench.app.query(`select belfry.${call}`)).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(message),
    });
    expect(await bench.one('select count(*)::int as rows from belfry.outbox')).toEqual({ rows: 0 });
  });

  test('is dropped with belfry.strict off, kept as a dead letter, and fails nothing that it comes with', async () => {
    const tenant = bench.newTenant();
    await bench.app.query('begin; set local belfry.strict = off');
    const calls = [
      `ask($1, 'usr:1', 'Why?')`,
      `answer($1, 'q', 'agree')`,
      `cancel($1, null)`,
      `run($1, 'all', '', 'Build')`,
      `run_update($1, 'r', '{}')`,
      `run_log($1, 'r', '[]'::jsonb)`,
      `"grant"($1, 'all', 'ada')`,
      `revoke($1, 'all', 'ada')`,
    ];
    for (const call of calls) expect(await bench.one(`select belfry.${call} as id`, [tenant])).toEqual({ id: null });
    await bench.one(`select belfry.notify($1, 'all', 'x', 'right')`, [tenant]);
    await bench.app.query('commit');
    expect((await bench.logOf(tenant)).map(({ type }) => type)).toEqual(['notification.created']);
    const letters = await bench.lettersOf(tenant);
    expect(letters.map(({ kind }) => kind)).toEqual(calls.map((call) => call.replaceAll('"', '').split('(')[0]));
    for (const { reason } of letters) expect(reason).toMatch(/^belfry: /);
  });

  test('is all that an account finds out that may only call', async () => {
    const tenant = bench.newTenant();
    const role = `belfry_calls_${process.pid}`;
    await bench.app.query(`create role ${role}; grant usage on schema belfry to ${role}; set role ${role}`);
    try {
      await bench.one(`select belfry.ask($1, 'all', 'Why?'), belfry.grant($1, 'topic:a', 'ada')`, [tenant]);
      await expect(bench.app.query(`select belfry.put_call('t', 'event', '{}')`)).rejects.toMatchObject({
        code: '42501',
      });
      await expect(bench.app.query('select * from belfry.questions')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await bench.app.query(`reset role; revoke usage on schema belfry from ${role}; drop role ${role}`);
    }
    expect((await bench.logOf(tenant)).map(({ type }) => type)).toEqual(['question.opened', 'access.granted']);
  });
});
