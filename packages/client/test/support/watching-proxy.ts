import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is asked for here is answered when the test says so: see `whenHeld`. */
export const HELD_PATH = '/held';

/** Stands before the server, counts what is asked for, and can hold the bodies of streams back as some proxies do. */
export class WatchingProxy {
  streams = 0;
  polls = 0;
  readonly others: string[] = [];
  /** What is not finished is not passed on. */
  buffers = false;
  readonly #port: number;
  readonly #server: Server;
  #onHeld: (answer: () => void) => void = (answer) => answer();

  static async start(port: number): Promise<WatchingProxy> {
    const proxy = new WatchingProxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((incoming, outgoing) => {
      if (incoming.url === HELD_PATH) this.#onHeld(() => outgoing.end());
      else this.#pass(incoming, outgoing);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until `HELD_PATH` is asked for; what it answers lets the answer go. */
  whenHeld(): Promise<() => void> {
    return new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #count(url: URL): void {
    if (url.pathname !== '/v1/stream') this.others.push(url.pathname);
    else if (url.searchParams.has('wait')) this.polls += 1;
    else this.streams += 1;
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', headers, url = '/' } = incoming;
    this.#count(new URL(url, 'http://localhost'));
    const sent = request({ port: this.#port, path: url, method, headers, agent: false }, (answer) => {
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
      if (this.buffers && isStream) hold(answer, outgoing);
      else {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        answer.pipe(outgoing);
      }
      answer.on('error', () => outgoing.destroy());
      answer.on('aborted', () => outgoing.destroy());
    });
    sent.on('error', () => outgoing.destroy());
    outgoing.on('close', () => sent.destroy());
    incoming.pipe(sent);
  }
}

function hold(answer: IncomingMessage, outgoing: ServerResponse): void {
  const pieces: Buffer[] = [];
  answer.on('data', (piece: Buffer) => pieces.push(piece));
  answer.on('end', () => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.end(Buffer.concat(pieces));
  });
}
