import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  /** As it was sent, to the byte. */
  raw: string;
  body: Record<string, unknown>;
  id: string;
}

export type Respond = (response: ServerResponse, received: Received, nth: number) => void;

const PATIENCE_MS = 30_000;

/** Somebody's endpoint for webhooks: a real server on loopback that keeps what comes. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers; 204 unless said otherwise. */
  respond: Respond = (response) => void response.writeHead(204).end();
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      this.#take(request, Buffer.concat(pieces).toString(), response);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until so many have come, of those that `wanted` is true of, and gives these. */
  async come(count: number, wanted: (one: Received) => boolean = () => true): Promise<Received[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.received.filter(wanted);
      if (found.length >= count) return found;
      if (performance.now() > deadline) throw new Error(`Waited in vain for ${count}, got ${found.length}.`);
      await this.#next();
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #take(request: IncomingMessage, raw: string, response: ServerResponse): void {
    const { url = '', headers } = request;
    const received = { path: url, headers, raw, body: JSON.parse(raw), id: String(headers['webhook-id']) };
    this.received.push(received);
    this.respond(response, received, this.received.filter(({ id }) => id === received.id).length);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 200);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** What the signature must be, worked out from the text of Standard Webhooks and nothing of ours. */
export function signatureOf({ headers, raw }: Received, secret: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = [headers['webhook-id'], headers['webhook-timestamp'], raw].join('.');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
