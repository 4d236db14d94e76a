import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startServer();
});
afterAll(() => test.stop());

/** Its responses have no chunks to leave out, and a socket that is not theirs alone. */
it('an app that serves HTTP/2 has streams too, each written by its framework', async () => {
  const server = createAdaptorServer({ fetch: test.server.app.fetch, createServer });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const authorization = `Bearer ${await tokenFor({ sub: 'ada' })}`;
  const streams = [1, 2].map(() => session.request({ ':path': '/v1/stream', authorization }));
  const texts = streams.map((stream) => {
    const got = { text: '' };
    stream.setEncoding('utf8').on('data', (piece: string) => {
      got.text += piece;
    });
    return got;
  });
  await until(() => texts.every(({ text }) => text.includes('event: live\n')), 'both streams to be live');
  await test.server.notify({ to: 'user:ada', type: 'm', title: 'over HTTP/2' });
  await until(() => texts.every(({ text }) => text.includes('over HTTP/2')), 'both to get it');
  for (const { text } of texts) expect(text).toMatch(/^(?:retry|:|event|id|data)/);
  for (const stream of streams) stream.close();
  await until(() => test.server.hub.stats.streams === 0, 'both streams to be freed');
  session.close();
  server.close();
  await once(server, 'close');
});
