import { type ReaderOptions, StreamReader } from './stream-reader.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON of the body; text where it is none; undefined where it is empty. */
  body: unknown;
}

export interface CallOptions {
  headers?: Record<string, string>;
  /** Sent as it is, in place of JSON. */
  raw?: BodyInit;
}

/** Makes calls with one credential. */
export class Caller {
  readonly url: string;
  readonly headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string>) {
    this.url = url;
    this.headers = headers;
  }

  with(headers: Record<string, string>): Caller {
    return new Caller(this.url, { ...this.headers, ...headers });
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', path, body, options);
  }

  put(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('PUT', path, body, options);
  }

  patch(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('PATCH', path, body, options);
  }

  delete(path: string, options?: CallOptions): Promise<Answer> {
    return this.call('DELETE', path, undefined, options);
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const payload = options.raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method,
      headers: { ...json, ...this.headers, ...options.headers },
      ...(payload === undefined ? {} : { body: payload }),
      ...(payload instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  }

  stream(query = '', options: ReaderOptions = {}): Promise<StreamReader> {
    return this.#open(`/v1/stream${query}`, options);
  }

  /** A run's stream. */
  follow({ id }: { id: string }, query = '', options: ReaderOptions = {}): Promise<StreamReader> {
    return this.#open(`/v1/runs/${id}/stream${query}`, options);
  }

  #open(path: string, options: ReaderOptions): Promise<StreamReader> {
    const headers = { accept: 'text/event-stream', ...this.headers, ...options.headers };
    return StreamReader.open(this.url + path, { ...options, headers });
  }
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
