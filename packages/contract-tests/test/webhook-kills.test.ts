import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Caller } from '../src/http/support/caller.ts';
import { Receiver } from '../src/http/support/receiver.ts';
import { ServerProcess } from '../src/torture/server/server-process.ts';

const API_KEY = 'bk_test_key_of_more_than_24_characters';
const PAST_THE_LEASE_MS = 61_000;

let dir: string;
let receiver: Receiver;
let server: ServerProcess;
let service: Caller;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'belfry-webhook-kills-'));
  receiver = await Receiver.start();
  server = new ServerProcess({
    database: { dir },
    bus: null,
    apiKey: API_KEY,
    jwtSecret: 'a secret for tests, of more than 32 bytes',
    hub: {},
    webhooks: { private: 'allow' },
  });
  await server.start();
  service = new Caller(server.url, { authorization: `Bearer ${API_KEY}` });
  const made = await service.post('/v1/webhooks', { url: receiver.url, events: ['*'] });
  expect(made.status).toBe(201);
});

afterEach(async () => {
  await server.dispose();
  await receiver.close();
  await rm(dir, { recursive: true });
});

/** As if the server had been away for so long. */
function passLease(): void {
  const database = new DatabaseSync(join(dir, 'belfry.db'));
  database.exec(`update webhook_deliveries set at = at - ${PAST_THE_LEASE_MS}`);
  database.close();
}

const emit = (n: number) => service.post('/v1/events', { to: 'all', type: 'app.tick', data: n });

test('what was published right before a crash is sent by the process that comes after', {
  timeout: 60_000,
}, async () => {
  for (let n = 0; n < 5; n += 1) {
    server.crashAfter(1);
    await emit(n).catch(() => {});
    await server.ended();
    await server.start();
    await receiver.come(1, ({ body }) => body.data === n);
  }
  const sent = new Map(receiver.received.map(({ id, body }) => [id, body.data]));
  expect([...sent.values()].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('what was being sent at a crash is sent again, under the same id, once its lease has ended', {
  timeout: 60_000,
}, async () => {
  receiver.respond = () => {};
  await emit(1);
  const [cut] = await receiver.come(1);
  await server.kill();
  receiver.respond = (response) => void response.writeHead(204).end();
  passLease();
  await server.start();
  const [, again] = await receiver.come(2);
  expect(again?.id).toBe(cut?.id);
  expect(again?.raw).toBe(cut?.raw);
});
