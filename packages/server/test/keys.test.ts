import { Caller } from '@belfry/contract-tests/http';
import { expect, it } from 'vitest';
import { SECRET, startServer } from './support/start.ts';

it('an API key of the settings may look like a token', async () => {
  const apiKey = 'mine.is-a-key.with-two-dots-in-it';
  const test = await startServer({ auth: { apiKey, jwt: { secret: SECRET } } });
  const service = (secret: string) => new Caller(test.url, { authorization: `Bearer ${secret}` });
  expect((await service(apiKey).get('/v1/notifications')).status).toBe(200);
  expect((await service(`${apiKey}x`).get('/v1/notifications')).status).toBe(401);
  await test.stop();
});

it('without a key in the settings no key is the root one, not even an empty one', async () => {
  const test = await startServer({ auth: { jwt: { secret: SECRET } } });
  for (const secret of ['undefined', 'null', 'x']) {
    const caller = new Caller(test.url, { authorization: `Bearer ${secret}` });
    expect((await caller.get('/v1/notifications')).status).toBe(401);
  }
  await test.stop();
});
