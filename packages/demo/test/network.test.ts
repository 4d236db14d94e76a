import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { Network } from '../src/supervisor/network.ts';

async function withNetwork(use: (network: Network, port: number) => Promise<void>, onRestore = () => {}) {
  const echo: Server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const target = { host: '127.0.0.1', port: (echo.address() as AddressInfo).port };
  const network = new Network({ target, onChange: ({ cutUntil }) => cutUntil === null && onRestore() });
  try {
    await use(network, Number(new URL(await network.open()).port));
  } finally {
    await network.stop();
    await new Promise((resolve) => echo.close(resolve));
  }
}

async function said(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(text);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}

test('a network passes on what is said, both ways', async () => {
  await withNetwork(async (_, port) => expect(await said(port, 'hello')).toBe('hello'));
});

test('a cut breaks what is open and what comes, until it is restored', async () => {
  await withNetwork(async (network, port) => {
    const open = connect(port, '127.0.0.1');
    open.write('before');
    await once(open, 'data');
    const broken = new Promise((resolve) => open.on('error', () => {}).once('close', resolve));
    network.cut(60_000);
    await broken;
    await expect(said(port, 'during')).rejects.toThrow();
    network.restore();
    expect(await said(port, 'after')).toBe('after');
  });
});

test('a cut ends by itself', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await withNetwork(async (network, port) => {
    network.cut(20);
    expect(network.state.cutUntil).toBeGreaterThan(0);
    await promise;
    expect(await said(port, 'after')).toBe('after');
  }, resolve);
});

test('a server that is away closes the connection instead of leaving it hanging', async () => {
  const network = new Network({ target: { host: '127.0.0.1', port: 1 } });
  const port = Number(new URL(await network.open()).port);
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  await network.stop();
});
