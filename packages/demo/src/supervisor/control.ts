import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BelfryError, toProblem } from '@belfry/protocol';

/** Answers what is sent as JSON; undefined: it has answered by itself. */
export type Action = (body: Record<string, unknown>, response: ServerResponse) => unknown;

export interface ControlOptions {
  /** What the page shows with each request. A page of another origin has no way to know it. */
  token: string;
  origins: readonly string[];
  /** `POST /send` → `send`; what is watched is a `GET`. */
  actions: Readonly<Record<string, Action>>;
}

const MOST_BODY_BYTES = 64_000;

/** The supervisor's own small door on loopback: it must answer while the server is dead. */
export class Control {
  readonly #options: ControlOptions;
  readonly #server: Server;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => tellError(response, error));
    });
  }

  /** Answers its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#allowOrigin(request, response);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    if (!this.#isOurs(request)) throw new BelfryError('unauthenticated', 'Only the demo page may use the controls.');
    const action = this.#options.actions[`${request.method} ${request.url}`];
    if (action === undefined) throw new BelfryError('not_found', 'There is no such control.');
    const result = await action(await readJson(request), response);
    if (!response.headersSent) tellJson(response, 200, result ?? {});
  }

  #allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Vary', 'Origin');
    if (headers.origin === undefined || !this.#options.origins.includes(headers.origin)) return;
    response.setHeader('Access-Control-Allow-Origin', headers.origin);
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Access-Control-Max-Age', '7200');
  }

  #isOurs({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.#options.token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) {
    text += piece;
    if (text.length > MOST_BODY_BYTES) throw new BelfryError('too_large', 'The request is too large.');
  }
  try {
    const value: unknown = JSON.parse(text || '{}');
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new BelfryError('invalid', 'The body must be a JSON object.', { field: 'body' });
}

function tellJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function tellError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const known = error instanceof BelfryError ? error : new BelfryError('internal', 'The supervisor could not do that.');
  tellJson(response, known.status, toProblem(known, ''));
}
