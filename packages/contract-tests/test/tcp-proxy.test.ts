import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from '../src/faults/index.ts';
import { Lane, noFaults } from '../src/faults/lane.ts';

let echo: Server;
let proxy: TcpProxy;
let clients: Socket[];

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start({ port: (echo.address() as AddressInfo).port });
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  echo.close();
});

function client(): Socket {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  socket.on('error', () => {});
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function echoed(socket: Socket, text: string): Promise<string> {
  let got = '';
  socket.write(text);
  while (got.length < text.length) got += String((await once(socket, 'data'))[0]);
  return got;
}

async function tookMs(work: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work;
  return performance.now() - started;
}

describe('a proxy that makes faults', () => {
  it('passes everything both ways, and the ends too', async () => {
    const socket = client();
    const long = 'x'.repeat(1_000_000);
    expect(await echoed(socket, long)).toBe(long);
    expect(proxy.open).toBe(1);
    socket.end();
    await closed(socket);
    await expect.poll(() => proxy.open).toBe(0);
  });

  it('cuts what is open, and lets come what comes after', async () => {
    const socket = client();
    expect(await echoed(socket, 'before')).toBe('before');
    proxy.cut();
    await closed(socket);
    expect(await echoed(client(), 'after')).toBe('after');
    expect(proxy.accepted).toBe(2);
  });

  it('refuses what is new, until it is healed', async () => {
    const old = client();
    expect(await echoed(old, 'a')).toBe('a');
    proxy.refuse();
    await closed(client());
    expect(await echoed(old, 'b')).toBe('b');
    proxy.heal();
    expect(await echoed(client(), 'c')).toBe('c');
  });

  it('stalls each way by itself, and passes what was held when it is healed', async () => {
    for (const way of ['toServer', 'toClient'] as const) {
      const socket = client();
      expect(await echoed(socket, 'a')).toBe('a');
      proxy.stall(way);
      const answer = echoed(socket, 'bcd');
      expect(await Promise.race([answer, sleep(100, 'nothing')])).toBe('nothing');
      proxy.heal();
      expect(await answer).toBe('bcd');
    }
  });

  it('stalled, it makes the sender feel it and holds little itself', async () => {
    const socket = client();
    proxy.stall('toServer');
    const piece = Buffer.alloc(1_048_576);
    for (let sent = 0; sent < 64; sent += 1) socket.write(piece);
    await sleep(200);
    expect(socket.writableLength).toBeGreaterThan(40 * 1_048_576);
  });

  it('delays', async () => {
    const socket = client();
    await echoed(socket, 'a');
    proxy.delay(60);
    const ms = await tookMs(echoed(socket, 'b'));
    expect(ms).toBeGreaterThan(115);
    proxy.heal();
    const healed: number[] = [];
    for (let n = 0; n < 10; n += 1) healed.push(await tookMs(echoed(socket, 'c')));
    // The fastest: any of them may have had to wait for the machine.
    expect(Math.min(...healed)).toBeLessThan(60);
  });

  it('throttles one way and not the other', async () => {
    const socket = client();
    proxy.throttle(50_000, 'toServer');
    const ms = await tookMs(echoed(socket, 'x'.repeat(20_000)));
    expect(ms).toBeGreaterThan(300);
    expect(ms).toBeLessThan(2_000);
  });

  it('closes what is open when it closes', async () => {
    const other = await TcpProxy.start({ port: (echo.address() as AddressInfo).port });
    const socket = connect(other.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    other.stall();
    await Promise.all([closed(socket), other.close()]);
  });
});

describe('one direction of a connection', () => {
  it('passes on what came before a clean end, though the one side is gone before the other has taken it', async () => {
    const taken: string[] = [];
    const from = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const to = new Duplex({
      read() {},
      write: (chunk, _encoding, done) => setTimeout(() => done(void taken.push(String(chunk))), 10),
    });
    new Lane(from as Socket, to as Socket, noFaults());
    from.push('one');
    from.push('two');
    from.push(null);
    await once(from, 'end');
    from.destroy();
    await once(to, 'finish');
    expect(taken.join('')).toBe('onetwo');
  });
});
