import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { getQueryParams } from 'hono/utils/url';
import { readIncoming } from './incoming-body.ts';
import type { ApiRequest, RequestHeaders } from './request.ts';
import { requestIdFrom } from './request-id.ts';

/** A call that came in by Node's own server. */
export class NodeRequest implements ApiRequest {
  readonly id: string;
  readonly method: string;
  readonly pathname: string;
  readonly headers: RequestHeaders;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #params: Record<string, string>;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, pathname: string, params: Record<string, string>) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#params = params;
    this.pathname = pathname;
    this.method = incoming.method as string;
    this.headers = new NodeHeaders(incoming.headers);
    this.id = requestIdFrom(this.headers.get('x-request-id'));
  }

  /** By the framework's own reader, so that both doors take an address the same way. */
  query(): Record<string, string[]> {
    const { url = '' } = this.#incoming;
    if (url.length === this.pathname.length) return {};
    return getQueryParams(`http://host${url}`) as Record<string, string[]>;
  }

  param(name: string): string {
    return this.#params[name] ?? '';
  }

  /** Made where it is asked for: few calls wait for anything. */
  get signal(): AbortSignal {
    const abort = new AbortController();
    if (this.#outgoing.destroyed) abort.abort();
    else this.#outgoing.once('close', () => abort.abort());
    return abort.signal;
  }

  readBody(limit: number): Promise<Buffer> {
    return readIncoming(this.#incoming, limit);
  }
}

/** Asked for by names in lower case. A server with `joinDuplicateHeaders` gives what a web Headers would. */
class NodeHeaders implements RequestHeaders {
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    const value = this.#headers[name];
    return typeof value === 'string' ? value : null;
  }

  has(name: string): boolean {
    return this.#headers[name] !== undefined;
  }
}
