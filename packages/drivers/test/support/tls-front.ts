import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { Certificate } from '@belfry/contract-tests/services';

/**
 * Speaks TLS from the first byte and asks for certificates, before a server that speaks none: as a NATS does that has
 * `handshake_first`, which came with 2.10.
 */
export class TlsFront {
  readonly port: number;
  /** For whom the certificates were that it was shown. */
  readonly shown: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(port: number, { certFile, keyFile }: Certificate, ca: string): Promise<TlsFront> {
    const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile), ca, requestCert: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TlsFront(port, server);
  }

  private constructor(port: number, server: Server) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    server.on('secureConnection', (client) => {
      this.shown.push(client.getPeerCertificate().subjectaltname ?? '');
      this.#join(client, connect(port, '127.0.0.1'));
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    client.on('data', (piece) => server.write(piece));
    server.on('data', (piece) => client.write(demandingTls(piece)));
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
  }
}

/** A NATS says so itself where it has it. */
function demandingTls(piece: Buffer): Buffer {
  const text = piece.toString('latin1');
  return text.startsWith('INFO {') ? Buffer.from(`INFO {"tls_required":true,${text.slice(6)}`, 'latin1') : piece;
}
