import { StreamReader } from '@belfry/contract-tests/http';
import { BelfryError } from '@belfry/protocol';
import { expect, it } from 'vitest';
import { startServer } from './support/start.ts';

it('an EventSource that comes while too much of its person waits is told to come back, and not to give up', async () => {
  const principal = () => {
    throw new BelfryError('rate_limited', 'Too many reads at once.', { retryAfter: 1 });
  };
  const server = await startServer({ principal });
  const stream = await StreamReader.open(`${server.url}/v1/stream`, { headers: { accept: 'text/event-stream' } });
  expect(stream.response.status).toBe(200);
  expect(await stream.frame('closing')).toMatchObject({ reason: 'unavailable', retryMs: expect.any(Number) });
  await stream.end();
  expect((await fetch(`${server.url}/v1/stream`)).status).toBe(429);
  await server.stop();
});
