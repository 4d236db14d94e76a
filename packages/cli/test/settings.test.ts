import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misspelt, readSettings, requireAuthentication, shutOut } from '../src/settings/settings.ts';
import { temporaryFolder } from './support/folder.ts';

describe('settings', () => {
  const folder = temporaryFolder();

  function config(text: string): NodeJS.ProcessEnv {
    const path = join(folder.path, 'belfry.config.json');
    writeFileSync(path, text);
    return { BELFRY_CONFIG: path };
  }

  it('have the documented defaults', () => {
    expect(readSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 4400,
      dataDir: '.belfry',
      databaseUrl: undefined,
      bus: 'local',
      logLevel: 'info',
      server: {
        auth: { jwt: {} },
        corsOrigins: [],
        drainMs: 10_000,
        webhooks: { private: 'refuse' },
        metrics: 'key',
        hub: { heartbeatMs: 25_000, lifetimeMs: 900_000 },
      },
    });
  });

  it('are those that the README lists, every one of them in a config file too', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const [, table = ''] = /## Settings\n([\s\S]*?)\n## /.exec(readme) ?? [];
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const names = rows.flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? []);
    expect(names.length).toBeGreaterThan(20);
    expect(misspelt(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
    for (const name of names) {
      const refused = () => readSettings(config(JSON.stringify({ [name]: {} })));
      expect(refused, name).toThrow(`${name} must be text or a number`);
    }
  });

  it.each([
    ['BELFRY_PORT', 'many'],
    ['BELFRY_PORT', '65536'],
    ['BELFRY_PORT', '-1'],
    ['BELFRY_PORT', '4400.5'],
    ['BELFRY_PORT', ' 4400'],
    ['BELFRY_HEARTBEAT_MS', '0'],
    ['BELFRY_HEARTBEAT_MS', '25s'],
    ['BELFRY_RUN_HEARTBEAT_MS', 'x'],
    ['BELFRY_STREAM_LIFETIME_MS', '1e9'],
    ['BELFRY_DRAIN_MS', 'soon'],
    ['BELFRY_RETENTION_HOURS', '0'],
    ['BELFRY_RUN_LOGS_MB', '0'],
    ['BELFRY_LOG_LEVEL', 'loud'],
    ['BELFRY_WEBHOOK_PRIVATE', 'yes'],
    ['BELFRY_METRICS', 'off'],
    ['BELFRY_INBOX_DAYS', '0'],
    ['BELFRY_INBOX_ITEMS', 'all'],
    ['BELFRY_CLOSED_DAYS', '1.5'],
    ['BELFRY_JWT_SECRET', 'short'],
    ['BELFRY_API_KEY', 'short'],
    ['BELFRY_API_KEY', 'a key with spaces in it, long enough'],
    ['BELFRY_API_KEY', 'ein schlüssel-ist-lang-genug-aber-nicht-ascii'],
    ['BELFRY_JWKS_URL', 'issuer.example'],
    ['BELFRY_JWKS_URL', 'file:///etc/passwd'],
    ['BELFRY_CORS_ORIGINS', '*'],
    ['BELFRY_CORS_ORIGINS', 'https://a.example, b.example'],
    ['BELFRY_CORS_ORIGINS', 'https://a.example/path'],
    ['BELFRY_BUS', 'redis://localhost'],
    ['BELFRY_BUS', 'kafka://localhost'],
    ['BELFRY_BUS', 'nearby'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'localhost/x'],
  ])('refuse %s=%j with one sentence that names it', (name, value) => {
    for (const env of [{ [name]: value }, config(JSON.stringify({ [name]: value }))]) {
      expect(() => readSettings(env)).toThrow(new RegExp(`^${name} [^\n]+[^\n]$`));
    }
  });

  it.each(['12/hunter2', '12#hunter2', '12?hunter2', 'a/hunter2', 'a#hunter2', '%hunter2'])(
    'say how a password such as %s is to be written',
    (password) => {
      const read = () => readSettings({ DATABASE_URL: `postgres://me:${password}@host/app` });
      expect(read).toThrow(/^DATABASE_URL (?!.*hunter2).*percent-encoded: %23 %2F/);
    },
  );

  it('name all that BELFRY_BUS may be', () => {
    const forms = 'postgres, local, or an address such as redis://…, rediss://…, nats://…, tls://…';
    for (const value of ['redis', 'pg', 'kafka://localhost']) {
      expect(() => readSettings({ BELFRY_BUS: value })).toThrow(`BELFRY_BUS must be ${forms}; `);
    }
  });

  it('never repeat a secret in a message', () => {
    for (const name of ['BELFRY_JWT_SECRET', 'BELFRY_API_KEY', 'DATABASE_URL', 'BELFRY_BUS']) {
      for (const value of ['hunter2', 'x://me:hunter2@host']) {
        expect(() => readSettings({ [name]: value })).toThrow(/^(?!.*hunter2)/);
      }
    }
  });

  it('connect processes on one Postgres unless told not to, and not those on an embedded database', () => {
    const DATABASE_URL = 'postgres://me@host/app';
    expect(readSettings({ DATABASE_URL })).toMatchObject({ databaseUrl: DATABASE_URL, bus: 'postgres' });
    for (const bus of ['local', 'postgres', 'redis://a:1', 'rediss://a', 'nats://a:4222', 'tls://a']) {
      expect(readSettings({ DATABASE_URL, BELFRY_BUS: bus })).toMatchObject({ bus });
      if (bus !== 'local') expect(() => readSettings({ BELFRY_BUS: bus })).toThrow(/^BELFRY_BUS .*DATABASE_URL/);
    }
  });

  it('come from the config file, and the environment wins', () => {
    const env = config('{"BELFRY_PORT": 5000, "BELFRY_HOST": "0.0.0.0", "BELFRY_CORS_ORIGINS": "https://a.example"}');
    expect(readSettings({ ...env, BELFRY_PORT: '6000' })).toMatchObject({
      port: 6000,
      host: '0.0.0.0',
      server: { corsOrigins: ['https://a.example'] },
    });
  });

  it.each([
    ['{', /can't be read/],
    ['[]', /one JSON object/],
    ['null', /one JSON object/],
    ['{"BELFRY_PROT": 1}', /BELFRY_PROT, which is no setting/],
    ['{"BELFRY_PORT": true}', /BELFRY_PORT must be text or a number/],
    ['{"BELFRY_PORT": {}}', /BELFRY_PORT must be text or a number/],
  ])('refuse the config file %s', (text, message) => {
    expect(() => readSettings(config(text))).toThrow(message);
  });

  it('repeat nothing of a config file that is not JSON: a secret may be in it', () => {
    for (const text of ['hunter2', '{"BELFRY_API_KEY": hunter2}', '{"BELFRY_API_KEY": "hunter2" "x"}']) {
      expect(() => readSettings(config(text))).toThrow(/can't be read: it is not JSON[^"]*$/);
      expect(() => readSettings(config(text))).toThrow(/^(?!.*hunter2)/);
    }
  });

  it('take origins with the slash that a browser shows', () => {
    const { server } = readSettings({ BELFRY_CORS_ORIGINS: 'http://127.0.0.1:5173/, https://a.example' });
    expect(server.corsOrigins).toEqual(['http://127.0.0.1:5173', 'https://a.example']);
  });

  it('count a secret in bytes', () => {
    const secret = 'ü'.repeat(15);
    expect(() => readSettings({ BELFRY_JWT_SECRET: secret })).toThrow('needs at least 32 bytes, and has 30.');
    expect(() => readSettings({ BELFRY_JWT_SECRET: `${secret}ü` })).not.toThrow();
  });

  it('know which names are none of theirs', () => {
    const env = {
      BELFRY_JWT_SECERT: 'x',
      BELFRY_PORT: '1',
      BELFRY_URL: 'x',
      BELFRY_CONFIG: 'x',
      BELFY_PORT: '1',
      PATH: '',
    };
    expect(misspelt(env)).toEqual(['BELFRY_JWT_SECERT']);
  });

  it('say who is shut out where only one kind of credential is set up', () => {
    const [key, jwt] = [{ BELFRY_API_KEY: 'x'.repeat(24) }, { BELFRY_JWT_SECRET: 'x'.repeat(32) }];
    expect(shutOut(readSettings(key))).toMatch(/BELFRY_JWT_SECRET.*people cannot sign in/);
    expect(shutOut(readSettings(jwt))).toMatch(/BELFRY_API_KEY is not set.*belfry keys add/);
    expect(shutOut(readSettings({ ...key, ...jwt }))).toBeNull();
    expect(shutOut(readSettings({ ...key, BELFRY_JWKS_URL: 'https://issuer.example/jwks.json' }))).toBeNull();
  });

  it('refuse a config file that is named and not there', () => {
    const path = join(folder.path, 'nope.json');
    const message = `The config file ${path} can't be read: there is no such file.`;
    expect(() => readSettings({ BELFRY_CONFIG: path })).toThrow(message);
  });

  it('need one way to authenticate, whichever', () => {
    expect(() => requireAuthentication(readSettings({}))).toThrow(/BELFRY_JWT_SECRET.*BELFRY_API_KEY.*belfry dev/);
    for (const env of [
      { BELFRY_API_KEY: 'x'.repeat(24) },
      { BELFRY_JWT_SECRET: 'x'.repeat(32) },
      { BELFRY_JWKS_URL: 'https://issuer.example/jwks.json' },
    ]) {
      expect(() => requireAuthentication(readSettings(env))).not.toThrow();
    }
  });
});
