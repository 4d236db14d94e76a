import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API_KEY, startServer } from './support/start.ts';

it('a server whose database file is gone acknowledges nothing, is not ready, and says why', async () => {
  const server = await startServer();
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ to: 'user:ada', type: 'a', title: 'x' });
  const publish = () => fetch(`${server.url}/v1/notifications`, { method: 'POST', headers, body });
  const ready = () => fetch(`${server.url}/readyz`);
  expect((await publish()).status).toBe(201);
  expect((await ready()).status).toBe(200);

  const file = join(server.dir, 'belfry.db');
  await rename(file, `${file}.elsewhere`);
  for (const answer of [await publish(), await ready()]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('deleted, moved'),
    });
  }
  await server.stop();
});
