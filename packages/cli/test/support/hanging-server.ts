import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Takes requests and answers none, as a process does that stands still. */
export class HangingServer {
  readonly port: number;
  /** How many it was asked. */
  asked = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<HangingServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HangingServer(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      socket.once('data', () => {
        this.asked += 1;
      });
    });
  }

  /** How many who asked still wait. */
  get open(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
