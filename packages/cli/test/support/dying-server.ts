import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Breaks each connection when it has a request, as a process does that is killed in the midst of it. */
export class DyingServer {
  readonly port: number;
  /** The Idempotency-Keys of what it was asked; empty where there was none. */
  readonly keys: string[] = [];
  readonly #server: Server;

  static async start(): Promise<DyingServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DyingServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', (head) => {
        this.keys.push(/^idempotency-key: (.*)\r$/im.exec(head.toString('latin1'))?.[1] ?? '');
        socket.destroy();
      });
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}
