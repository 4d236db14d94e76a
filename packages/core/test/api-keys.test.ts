import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore, refusal, type TestCore } from './support.ts';

let core: TestCore;
beforeAll(async () => {
  core = await openCore();
});
afterAll(() => core.end());

describe('an API key', () => {
  it('is found by its secret, which is shown once and kept as a hash', async () => {
    const { key, secret } = await core.apiKeys.add('ci', ['publish'], 'acme');
    expect(key).toEqual({
      id: expect.any(String),
      name: 'ci',
      scopes: ['publish'],
      tenant: 'acme',
      createdAt: expect.any(String),
    });
    expect(secret).toMatch(/^bk_[A-Za-z0-9_-]{43}$/);
    expect(await core.apiKeys.find(secret)).toEqual(key);
    expect(await core.apiKeys.list()).toContainEqual(key);
    expect(JSON.stringify(await core.apiKeys.list())).not.toContain(secret);
  });

  it('is nobody for any other secret', async () => {
    const { secret } = await core.apiKeys.add('ci', ['publish'], null);
    for (const other of ['', 'bk_', secret.slice(0, -1), `${secret}x`, secret.toUpperCase()])
      expect(await core.apiKeys.find(other)).toBeNull();
  });

  it('that was removed is gone at once here, and within 2 s wherever it was remembered', async () => {
    const { key, secret } = await core.apiKeys.add('ci', ['publish'], null);
    await core.apiKeys.find(secret);
    await core.store.commit('removeKey', { id: key.id });
    core.advance(2_001);
    expect(await core.apiKeys.find(secret)).toBeNull();

    const second = await core.apiKeys.add('ci', ['publish'], null);
    await core.apiKeys.find(second.secret);
    await core.apiKeys.remove(second.key.id);
    expect(await core.apiKeys.find(second.secret)).toBeNull();
    expect(await refusal(core.apiKeys.remove(second.key.id))).toMatchObject({ code: 'not_found' });
  });
});
