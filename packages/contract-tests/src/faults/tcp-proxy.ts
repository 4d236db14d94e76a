import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Lane, type LaneFaults, noFaults } from './lane.ts';

export interface Target {
  host?: string;
  port: number;
}

/** Which way of a connection a fault is for. */
export type Way = 'toServer' | 'toClient';

interface Pair {
  client: Socket;
  server: Socket;
  lanes: Lane[];
}

/** Stands before a service on a port of its own, and does to its connections what networks do. */
export class TcpProxy {
  readonly port: number;
  readonly #target: Target;
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  readonly #faults: Record<Way, LaneFaults> = { toServer: noFaults(), toClient: noFaults() };
  #isRefusing = false;
  #accepted = 0;

  static async start(target: Target): Promise<TcpProxy> {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new TcpProxy(target, listener);
  }

  private constructor(target: Target, listener: Server) {
    this.#target = target;
    this.#listener = listener;
    this.port = (listener.address() as AddressInfo).port;
    listener.on('connection', (client) => this.#accept(client));
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Connections that were ever let through. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Breaks every connection, without a goodbye. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      reset(client);
      reset(server);
    }
  }

  /** New connections break at once. Those that are open stay. */
  refuse(): void {
    this.#isRefusing = true;
  }

  /** Nothing passes, and nobody is told. New connections are taken and are as silent. */
  stall(...ways: Way[]): void {
    this.#change({ isStalled: true }, ways);
  }

  /** Each connection passes this much. */
  throttle(bytesPerSecond: number, ...ways: Way[]): void {
    this.#change({ bytesPerSecond }, ways);
  }

  delay(delayMs: number, ...ways: Way[]): void {
    this.#change({ delayMs }, ways);
  }

  /** Ends all that was done to new and open connections. */
  heal(): void {
    this.#isRefusing = false;
    this.#change(noFaults(), []);
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #change(faults: Partial<LaneFaults>, ways: readonly Way[]): void {
    const both: readonly Way[] = ['toServer', 'toClient'];
    for (const way of ways.length === 0 ? both : ways) Object.assign(this.#faults[way], faults);
    for (const { lanes } of this.#pairs) for (const lane of lanes) lane.pump();
  }

  #accept(client: Socket): void {
    if (this.#isRefusing) {
      client.on('error', () => {});
      reset(client);
      return;
    }
    this.#accepted += 1;
    const server = connect({ host: '127.0.0.1', ...this.#target, allowHalfOpen: true });
    client.setNoDelay(true);
    server.setNoDelay(true);
    const lanes = [new Lane(client, server, this.#faults.toServer), new Lane(server, client, this.#faults.toClient)];
    const pair = { client, server, lanes };
    this.#pairs.add(pair);
    const forget = () => {
      if (client.destroyed && server.destroyed) this.#pairs.delete(pair);
    };
    client.on('close', forget);
    server.on('close', forget);
  }
}

/** A reset of one that has said its goodbye never lets go of the handle. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
