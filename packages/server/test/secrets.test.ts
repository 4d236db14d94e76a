import { Caller } from '@belfry/contract-tests/http';
import type { Store } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { createServer } from '@belfry/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, SECRET, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** Everything that is logged, with errors and their causes spelled out. */
class LogCatcher {
  text = '';
  readonly #write = (fields: object, message: string) => {
    this.text += `${JSON.stringify(fields, spelledOut)} ${message}\n`;
  };
  readonly log = { debug: this.#write, info: this.#write, warn: this.#write, error: this.#write };
}

function spelledOut(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, message: value.message, stack: value.stack, cause: value.cause };
}

describe('secrets', () => {
  const catcher = new LogCatcher();
  let test: TestServer;
  let answers = '';

  beforeAll(async () => {
    test = await startServer({ log: catcher.log, hub: { lifetimeMs: 300 } });
  });
  afterAll(() => test.stop());

  it('are in no log and no problem, whatever is done with them', async () => {
    const token = await tokenFor({ sub: 'ada' });
    const ada = new Caller(test.url, { authorization: `Bearer ${token}` });
    const service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
    const made = await service.post('/v1/admin/keys', { name: 'x', scopes: ['read'] });
    const { secret } = made.body as { secret: string };
    const { ticket } = (await ada.post('/v1/tickets')).body as { ticket: string };
    const hook = await service.post('/v1/webhooks', { url: 'https://hooks.example/', events: ['none'] });
    const { id, secret: signing } = hook.body as { id: string; secret: string };
    const secrets = [token, API_KEY, secret, ticket, SECRET, signing];

    for (const value of secrets) {
      const bad = new Caller(test.url, { authorization: `Bearer ${value}x` });
      const inCookie = new Caller(test.url, { cookie: `belfry_token=${value}x`, origin: test.url });
      for (const caller of [bad, inCookie, new Caller(test.url, { authorization: value })]) {
        answers += JSON.stringify([
          await caller.get('/v1/me'),
          await caller.post('/v1/notifications', { to: 'all', type: 'm', title: 'x' }),
          await caller.get(`/v1/stream?ticket=${value}x`),
          await caller.get(`/v1/nope?token=${value}`),
        ]);
      }
      answers += JSON.stringify(await service.get(`/v1/notifications?token=${value}`));
    }
    const stream = await new Caller(test.url, {}).stream(`?ticket=${ticket}`);
    await stream.end();
    for (const path of ['/v1/admin/keys', '/v1/webhooks', `/v1/webhooks/${id}`, `/v1/webhooks/${id}/deliveries`]) {
      answers += JSON.stringify(await service.get(path));
    }
    const refused = { url: 'https://hooks.example/', events: [], secret: signing };
    answers += JSON.stringify(await service.post('/v1/webhooks', refused));
    await until(() => catcher.text.includes('stream closed'), 'the log of the stream');

    for (const value of secrets) {
      expect(catcher.text).not.toContain(value);
      expect(answers).not.toContain(value);
    }
  });

  it('stand in no file of the database as they are: keys and tickets are hashed', async () => {
    const { readdir, readFile } = await import('node:fs/promises');
    const service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
    const { secret } = (await service.post('/v1/admin/keys', { name: 'y', scopes: ['read'] })).body as {
      secret: string;
    };
    const ada = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
    const { ticket } = (await ada.post('/v1/tickets')).body as { ticket: string };
    for (const name of await readdir(test.dir)) {
      const bytes = await readFile(`${test.dir}/${name}`);
      for (const value of [secret, ticket, API_KEY]) expect(bytes.includes(value), name).toBe(false);
    }
  });

  it('D6: connects and disconnects are logged with connection, user, tenant and how many are open', () => {
    const lines = catcher.text.split('\n').filter((line) => line.includes('stream '));
    expect(lines[0]).toMatch(/"connection":"[^"]+","tenant":"default","user":"ada","open":1\} stream opened/);
    expect(lines[1]).toMatch(/"user":"ada","reason":"lifetime","durationMs":\d+,"open":0\} stream closed/);
  });

  it('no error went unforeseen', () => {
    expect(catcher.text).not.toContain('unforeseen');
  });
});

describe('a server is not made', () => {
  it.each([
    [{ jwt: { secret: 'short' } }, 'auth.jwt.secret', /at least 32 bytes/],
    [{ jwt: { secret: '' } }, 'auth.jwt.secret', /at least 32 bytes/],
    [{ jwt: { secret: 'x'.repeat(31) } }, 'auth.jwt.secret', /at least 32 bytes/],
    [{ jwt: { jwksUrl: 'idp.example/keys' } }, 'auth.jwt.jwksUrl', /http\(s\)/],
    [{ apiKey: 'x'.repeat(23) }, 'auth.apiKey', /at least 24 characters/],
    [{ apiKey: 'a key of 24 letters and spaces' }, 'auth.apiKey', /no spaces/],
  ])('with %j', async (auth, field, message) => {
    const store = {} as Store;
    try {
      createServer({ store, auth });
    } catch (error) {
      expect(error).toBeInstanceOf(BelfryError);
      expect(error).toMatchObject({ code: 'invalid', field, message: expect.stringMatching(message) });
      return;
    }
    throw new Error('It was made.');
  });
});
