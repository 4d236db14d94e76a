import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Ledger } from '../src/supervisor/ledger.ts';
import { Publisher } from '../src/supervisor/publisher.ts';
import type { Draft } from '../src/wire.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const draft: Draft = { to: 'ben', title: 'Hello', body: null, severity: 'info' };

async function withPublisher(handle: Handler, use: (publisher: Publisher, ledger: Ledger) => Promise<void>) {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/notifications') handle(request, response);
    else response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ledger = new Ledger();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publisher = new Publisher({ url, run: 'r', apiKey: 'k', ledger, onChange: () => {} });
  try {
    await use(publisher, ledger);
  } finally {
    publisher.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a message is sent with the same key until it is acknowledged, and then no more', async () => {
  const keys: unknown[] = [];
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => response.destroy(),
    (response) => response.writeHead(503).end(),
    (response) => response.writeHead(409).end('{"code":"idempotency_in_progress"}'),
    (response) => response.writeHead(201).end('{}'),
  ];
  const handle: Handler = ({ headers }, response) => {
    keys.push(headers['idempotency-key']);
    answers[keys.length - 1]!(response);
  };
  await withPublisher(handle, async (publisher) => {
    const { acknowledged } = await publisher.publish(draft);
    expect(acknowledged.belfry).not.toBeNull();
    expect(keys).toEqual(Array(4).fill('demo-r-1'));
  });
});

test('a message that Belfry refuses was never sent', async () => {
  const handle: Handler = (_, response) => response.writeHead(400).end('{"detail":"title is empty.","field":"title"}');
  await withPublisher(handle, async (publisher, ledger) => {
    await expect(publisher.publish(draft)).rejects.toMatchObject({ message: 'title is empty.', field: 'title' });
    expect(ledger.messages).toEqual([]);
  });
});

test('what waits for a server that does not answer is bounded', async () => {
  await withPublisher(
    () => {},
    async (publisher, ledger) => {
      const waiting = Array.from({ length: 1_000 }, () => publisher.publish(draft));
      const settled = Promise.allSettled(waiting);
      expect(publisher.full).toBe(true);
      expect(ledger.messages.length).toBeLessThan(250);
      publisher.stop();
      await settled;
    },
  );
});

test('what waits for a server that is away is stored in the order in which it was sent', async () => {
  const stored: string[] = [];
  let tries = 0;
  const handle: Handler = ({ headers }, response) => {
    tries += 1;
    // Away at first, and later every other request meets an error: a queue of its own would let the next one pass.
    if (tries <= 2 || tries % 2 === 0) {
      response.destroy();
      return;
    }
    stored.push(String(headers['idempotency-key']));
    setTimeout(() => response.writeHead(201).end('{}'), stored.length === 1 ? 20 : 0);
  };
  await withPublisher(handle, async (publisher) => {
    await Promise.all(Array.from({ length: 5 }, () => publisher.publish(draft)));
    expect(stored).toEqual([1, 2, 3, 4, 5].map((seq) => `demo-r-${seq}`));
  });
});

test('a message that is refused does not keep those behind it waiting', async () => {
  const handle: Handler = ({ headers }, response) => {
    const isFirst = headers['idempotency-key'] === 'demo-r-1';
    response.writeHead(isFirst ? 400 : 201).end('{}');
  };
  await withPublisher(handle, async (publisher) => {
    const [first, second] = await Promise.allSettled([publisher.publish(draft), publisher.publish(draft)]);
    expect(first.status).toBe('rejected');
    expect(second.status).toBe('fulfilled');
  });
});
