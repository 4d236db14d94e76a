import { expect, it } from 'vitest';
import { RawSocket, request } from './support/raw-socket.ts';
import { startServer } from './support/start.ts';

it('tmp: what is logged when a client leaves in its body', async () => {
  const lines: unknown[] = [];
  const w = (f: object, m: string) => void lines.push([f, m]);
  const test = await startServer({ log: { debug: w, info: w, warn: w, error: w } });
  const raw = await RawSocket.open(test.port);
  raw.send(`${request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, 'content-length': '100' })}{"to"`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  raw.socket.resetAndDestroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(lines);
  expect(1).toBe(1);
  await test.stop();
});
