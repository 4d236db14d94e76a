import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** One request that has come in and waits for the test to answer it. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The client has gone, or the answer is complete. */
  readonly closed: Promise<void>;

  constructor(request: IncomingMessage, response: ServerResponse, body: string) {
    this.request = request;
    this.response = response;
    const url = new URL(request.url as string, 'http://localhost');
    this.path = url.pathname;
    this.query = url.searchParams;
    this.body = body === '' ? null : JSON.parse(body);
    this.closed = new Promise((resolve) => response.on('close', () => resolve()));
  }

  header(name: string): string | undefined {
    return this.request.headers[name] as string | undefined;
  }

  /** Starts the stream and says `connected`. */
  connect(frame: object = {}): this {
    this.open();
    const defaults = { connection: 'c1', tenant: 'default', user: '42', readOnly: false, channels: ['user:42'] };
    const rest = { access: 'a1', resumed: false, reason: 'new', heartbeatMs: 25_000, serverTime: '' };
    return this.frame('connected', null, { ...defaults, ...rest, ...frame });
  }

  open(type = 'text/event-stream; charset=utf-8'): this {
    this.response.writeHead(200, { 'Content-Type': type });
    this.response.flushHeaders();
    return this;
  }

  frame(event: string, id: string | null, data: unknown): this {
    return this.write(`event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  /** An app's event, unless `event` says another. */
  message(n: number, event: object = {}): this {
    const envelope = { type: 'test.event', channel: 'user:42', time: '2026-01-01T00:00:00.000Z', data: { n } };
    return this.write(`id: ${cursor(n)}\ndata: ${JSON.stringify({ ...envelope, ...event })}\n\n`);
  }

  state(n: number, page: object = {}): this {
    const notifications = { items: [], unread: 0, unseen: 0, nextCursor: null, ...page };
    return this.frame('state', cursor(n), { notifications, questions: [], runs: [] });
  }

  live(n: number): this {
    return this.frame('live', cursor(n), {});
  }

  heartbeat(n: number): this {
    return this.write(`: hb\nid: ${cursor(n)}\n\n`);
  }

  write(text: string | Uint8Array): this {
    this.response.write(text);
    return this;
  }

  end(): void {
    this.response.end();
  }

  /** Breaks the connection in the middle. */
  cut(): void {
    this.response.destroy();
  }

  answer(status: number, body: unknown = null, headers: Record<string, string> = {}): void {
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    this.response.writeHead(status, { 'Content-Type': type, ...headers });
    this.response.end(body === null ? '' : JSON.stringify(body));
  }

  problem(status: number, code: string, headers: Record<string, string> = {}): void {
    const detail = `The server says ${code}.`;
    this.answer(
      status,
      { type: `urn:belfry:problem:${code}`, title: code, status, detail, code, requestId: 'r1' },
      headers,
    );
  }
}

export function cursor(n: number, epoch = 'k3'): string {
  return `${epoch}-${n}-c${n}`;
}

/** A real HTTP server that does what the test tells it, request by request. */
export class ScriptedServer {
  readonly url: string;
  readonly #arrived: Exchange[] = [];
  readonly #wanted: { path: string; take: (exchange: Exchange) => void }[] = [];

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** The next request to this path that no call has taken yet. */
  next(path = '/v1/stream'): Promise<Exchange> {
    const at = this.#arrived.findIndex((exchange) => exchange.path === path);
    if (at >= 0) return Promise.resolve(this.#arrived.splice(at, 1)[0] as Exchange);
    return new Promise((take) => this.#wanted.push({ path, take }));
  }

  /** Requests that came and that nobody asked for. */
  get untaken(): string[] {
    return this.#arrived.map(({ path }) => path);
  }

  take(exchange: Exchange): void {
    const at = this.#wanted.findIndex(({ path }) => path === exchange.path);
    if (at < 0) this.#arrived.push(exchange);
    else this.#wanted.splice(at, 1)[0]?.take(exchange);
  }
}

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, the last one first. */
export function afterTest(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

export async function startServer(): Promise<ScriptedServer> {
  let scripted: ScriptedServer;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    scripted.take(new Exchange(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scripted = new ScriptedServer((server.address() as AddressInfo).port);
  afterTest(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return scripted;
}
