import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer } from './support/start.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startServer();
});
afterAll(() => test.stop());

it('a connection that sends far ahead of its answers is cut off, and nobody else notices', async () => {
  const request = `GET /v1/notifications?limit=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${API_KEY}\r\n\r\n`;
  const socket = connect(test.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(request.repeat(200));
  await closed;
  expect((await fetch(`${test.url}/healthz`)).status).toBe(200);
});

it('a few pipelined requests are answered in order', async () => {
  const socket = connect(test.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
  socket.write(get('/healthz') + get('/readyz') + get('/nope', 'Connection: close\r\n'));
  await closed;
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
});
