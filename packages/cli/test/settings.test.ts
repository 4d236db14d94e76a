import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, requireAuthentication } from '../src/settings/settings.ts';
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
      logLevel: 'info',
      server: {
        auth: { jwt: {} },
        corsOrigins: [],
        drainMs: 10_000,
        hub: { heartbeatMs: 25_000, lifetimeMs: 900_000 },
      },
    });
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
    ['BELFRY_LOG_LEVEL', 'loud'],
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
    ['DATABASE_URL', 'postgres://localhost/x'],
  ])('refuse %s=%j with one sentence that names it', (name, value) => {
    for (const env of [{ [name]: value }, config(JSON.stringify({ [name]: value }))]) {
      expect(() => readSettings(env)).toThrow(new RegExp(`^${name} [^\n]+[^\n]$`));
    }
  });

  it('never repeat a secret in a message', () => {
    for (const name of ['BELFRY_JWT_SECRET', 'BELFRY_API_KEY']) {
      expect(() => readSettings({ [name]: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
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

  it('refuse a config file that is named and not there', () => {
    expect(() => readSettings({ BELFRY_CONFIG: join(folder.path, 'nope.json') })).toThrow(/nope\.json can't be read/);
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
