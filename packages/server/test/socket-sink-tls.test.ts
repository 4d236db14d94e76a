import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { Authority, isMissing, OPENSSL } from '@belfry/contract-tests/services';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SocketSink } from '../src/stream-door/socket-sink.ts';

describe.skipIf(isMissing(OPENSSL))('on a connection that is encrypted', () => {
  it('nothing is written past what encrypts it', async () => {
    const authority = new Authority();
    onTestFinished(() => authority.dispose());
    const { certFile, keyFile } = authority.certificate('IP:127.0.0.1');
    const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const far = connect({ ...(server.address() as AddressInfo), host: '127.0.0.1', ca: authority.text });
    const [near] = (await once(server, 'secureConnection')) as [TLSSocket];
    let text = '';
    far.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    const sink = new SocketSink(near);
    for (const letter of 'abc') {
      sink.write(Buffer.from(letter.repeat(1_000)));
      await new Promise(setImmediate);
    }
    sink.end();
    await once(far, 'end');
    expect(text).toBe('a'.repeat(1_000) + 'b'.repeat(1_000) + 'c'.repeat(1_000));
    far.destroy();
    server.close();
    await once(server, 'close');
  });
});
