import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What is done to what a server says, piece by piece as it comes; `nth` counts the pieces of a connection from 0. */
export type Spoil = (piece: Buffer, nth: number, client: Socket) => unknown;

/** A record of TLS that nobody can decrypt. */
const GARBAGE = Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32, 7)]);
/** An alert in the clear, number 50: what OpenSSL says where a connection ends without a goodbye. */
const DECODE_ERROR = Buffer.from('15030300020232', 'hex');

export const SPOILS: Record<string, (piece: Buffer, client: Socket) => void> = {
  'garbage before it': (piece, client) => client.write(Buffer.concat([GARBAGE, piece])),
  'garbage after it': (piece, client) => client.write(Buffer.concat([piece, GARBAGE])),
  'an alert in its place': (_, client) => client.write(DECODE_ERROR),
  'half of it and an end': (piece, client) => client.end(piece.subarray(0, piece.length / 2)),
  'a reset after it': (piece, client) => client.write(piece, () => client.resetAndDestroy()),
};
/** By what a server says by TLS: its part of the handshake, and what comes then. */
export const PLACES = [Object.keys(SPOILS), ['garbage after it', 'half of it and an end']];

export const withGarbage: Spoil = (piece, _, client) => client.write(Buffer.concat([piece, GARBAGE]));

/** Stands before a server that speaks TLS, and changes what it says. */
export class SpoilingProxy {
  readonly port: number;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  /** Null passes all on. */
  spoil: Spoil | null = null;

  static async start(port: number): Promise<SpoilingProxy> {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new SpoilingProxy(port, listener);
  }

  private constructor(port: number, listener: Server) {
    this.port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
    listener.on('connection', (client) => this.#accept(client, port));
  }

  /** Spoils the first piece of this number that comes, and passes on all else. Resolves when it came. */
  spoilOnce(place: number, spoil: (piece: Buffer, client: Socket) => void): Promise<void> {
    return new Promise((resolve) => {
      this.spoil = (piece, nth, client) => {
        if (nth !== place) return client.write(piece);
        this.spoil = null;
        spoil(piece, client);
        return resolve();
      };
    });
  }

  cut(): void {
    // A reset of one that has said its goodbye never lets go of the handle.
    for (const socket of this.#sockets) socket.writableEnded ? socket.destroy() : socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let nth = 0;
    client.on('data', (piece) => server.write(piece));
    server.on('data', (piece) => {
      if (client.destroyed || client.writableEnded) return;
      if (this.spoil === null) client.write(piece);
      else this.spoil(piece, nth, client);
      nth += 1;
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.on('end', () => other.end());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
