import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What a load balancer does: gives each connection to the next process in turn, and passes over those that don't take
 * it. It looks into nothing and tries nothing twice.
 */
export class Front {
  readonly port: number;
  readonly #listener: Server;
  readonly #ports: readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;

  static async start(ports: readonly number[]): Promise<Front> {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Front(listener, ports);
  }

  private constructor(listener: Server, ports: readonly number[]) {
    this.port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
    this.#ports = ports;
    listener.on('connection', (client) => void this.#accept(client));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Breaks every connection, without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  async #accept(client: Socket): Promise<void> {
    this.#keep(client);
    const server = await this.#reach();
    if (server === null || client.destroyed) {
      server?.destroy();
      client.resetAndDestroy();
      return;
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server).pipe(client);
  }

  async #reach(): Promise<Socket | null> {
    for (let tries = 0; tries < this.#ports.length; tries += 1) {
      const port = this.#ports[this.#next++ % this.#ports.length] as number;
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#keep(socket);
      if (await isConnected(socket)) return socket;
    }
    return null;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

function isConnected(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
}
