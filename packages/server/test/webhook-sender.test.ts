import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedLookup } from '../src/webhooks/checked-lookup.ts';
import { HttpSender } from '../src/webhooks/http-sender.ts';
import { isPublicAddress } from '../src/webhooks/public-address.ts';

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.255',
    '2606:4700::1111',
  ])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('sending', () => {
  let server: Server;
  let got: IncomingMessage[];
  let port = 0;

  beforeEach(async () => {
    got = [];
    server = createServer((request, response) => {
      got.push(request);
      response.writeHead(200).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  /** A resolver that says this of every name, and counts how often it is asked. */
  const saying = (...addresses: string[]) => {
    const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return checkedLookup(async () => found);
  };
  const to = (url: string) => ({ url, headers: { 'webhook-id': 'x' }, body: '{}' });

  it.each([['127.0.0.1'], ['::1'], ['169.254.169.254'], ['1.1.1.1', '127.0.0.1'], ['::ffff:127.0.0.1'], []])(
    'makes no connection to a name that stands for %s %s',
    async (...addresses) => {
      const sender = new HttpSender({ timeoutMs: 2_000 }, saying(...addresses));
      const sent = sender.send(to(`http://hooks.example:${port}/`));
      await expect(sent).rejects.toThrow('The host points at a private address.');
      expect(got).toEqual([]);
    },
  );

  it.each([{ all: true }, { all: false }])(
    'hands the connection the very addresses that were checked: %j',
    async (options) => {
      const found = [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ];
      let asked = 0;
      const lookup = checkedLookup(async () => {
        asked += 1;
        return asked === 1 ? found : [{ address: '127.0.0.1', family: 4 }];
      });
      const [error, ...given] = await new Promise<unknown[]>((resolve) =>
        lookup('hooks.example', options, (...answer) => resolve(answer)),
      );
      expect([error, given]).toEqual([null, options.all ? [found] : ['1.1.1.1', 4]]);
      expect(asked).toBe(1);
    },
  );

  it.each(['127.0.0.1', '[::1]', '2130706433', '0x7f.1', 'localhost', '[::ffff:127.0.0.1]'])(
    'makes no connection to %s, also where it was added while that was allowed',
    async (host) => {
      const sender = new HttpSender();
      await expect(sender.send(to(`http://${host}:${port}/`))).rejects.toThrow('points at a private address');
      expect(got).toEqual([]);
    },
  );

  it('sends to private addresses where a setting allows it', async () => {
    const sender = new HttpSender({ private: 'allow' });
    expect(sender.refusal(`http://localhost:${port}/`)).toBeNull();
    expect(await sender.send(to(`http://127.0.0.1:${port}/a?b`))).toEqual({ status: 200, text: '' });
    expect(got[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '2',
      'webhook-id': 'x',
      'user-agent': expect.stringMatching(/^Belfry\//),
    });
  });

  it('tells that there is no such name, or that none can be looked up', async () => {
    const sent = new HttpSender().send(to('http://belfry-test.invalid/'));
    await expect(sent).rejects.toThrow(/^The host name can not be (found|looked up right now)\.$/);
  });

  it('does not read what a success says, nor wait for its end', async () => {
    server.removeAllListeners('request');
    server.on('request', (_, response) => void response.writeHead(200).write('and so on'));
    const sender = new HttpSender({ private: 'allow', timeoutMs: 10_000 });
    expect(await sender.send(to(`http://127.0.0.1:${port}/`))).toEqual({ status: 200, text: '' });
  });

  it('has its answer where the endpoint would rather speak another protocol', async () => {
    server.removeAllListeners('request');
    server.on('request', ({ socket }) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    const sender = new HttpSender({ private: 'allow' });
    expect(await sender.send(to(`http://127.0.0.1:${port}/`))).toEqual({ status: 101, text: '' });
  });

  it('tells that the connection was closed without an answer', async () => {
    server.removeAllListeners('request');
    server.on('request', ({ socket }) => socket.end());
    const sent = new HttpSender({ private: 'allow' }).send(to(`http://127.0.0.1:${port}/`));
    await expect(sent).rejects.toThrow('The connection was closed before an answer came.');
  });

  it('ends what is under way when it is closed', async () => {
    server.removeAllListeners('request');
    const sender = new HttpSender({ private: 'allow' });
    server.on('request', () => sender.close());
    await expect(sender.send(to(`http://127.0.0.1:${port}/`))).rejects.toThrow('This process stopped');
  });
});
