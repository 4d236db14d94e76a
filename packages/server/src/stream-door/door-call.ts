import type { Socket } from 'node:net';
import type { OpenStream } from '@belfry/hub';
import { getQueryParam } from 'hono/utils/url';
import type { Reply } from '../http/reply.ts';
import type { RequestHeaders } from '../http/request.ts';
import { requestIdFrom } from '../http/request-id.ts';
import { type Compression, codingFor } from '../stream/compression.ts';
import type { Open, StreamCall } from '../stream/stream-call.ts';
import { streamHeaders } from '../stream/stream-headers.ts';
import { type Holder, hold } from './held-connection.ts';
import { SocketSink } from './socket-sink.ts';
import type { StreamHead } from './stream-head.ts';

/** A request for a stream that has come no further than its connection. Its answer is null where the stream is open. */
export class DoorCall implements StreamCall<Reply | null> {
  readonly id: string;
  readonly method = 'GET';
  readonly headers: RequestHeaders;
  readonly run: string;
  readonly #socket: Socket;
  readonly #query: Record<string, string>;
  readonly #crossOrigin: Record<string, string>;
  readonly #compression: Compression;

  /**
   * @param query what `queryOf` says of the head's target, which is read once.
   * @param crossOrigin headers of every answer.
   */
  constructor(
    socket: Socket,
    { run, headers }: StreamHead,
    query: Record<string, string>,
    compression: Compression,
    crossOrigin: Record<string, string>,
  ) {
    this.#socket = socket;
    this.#query = query;
    this.#compression = compression;
    this.run = run ?? '';
    this.headers = new PlainHeaders(headers);
    this.id = requestIdFrom(headers.get('x-request-id'));
    this.#crossOrigin = crossOrigin;
  }

  query(): Record<string, string> {
    return this.#query;
  }

  /** Only a poll listens to it, and no poll comes this way. */
  get signal(): AbortSignal {
    return new AbortController().signal;
  }

  stream(open: Open, onGone: () => void): null {
    const coding = codingFor(this.#compression, this.headers.get('accept-encoding') ?? undefined);
    const sink = new SocketSink(this.#socket);
    // Its head and all that is at hand now in one piece: of who resumes, what they missed.
    sink.begin(`${beginningOf(coding.headers, this.#crossOrigin)}x-request-id: ${this.id}\r\n\r\n`);
    follow(this.#socket, open(coding.over(sink), onGone));
    return null;
  }

  reply({ status, headers, body }: Parameters<StreamCall<Reply>['reply']>[0]): Reply {
    return { status, headers: { ...headers, 'x-request-id': this.id, ...this.#crossOrigin }, body };
  }
}

class PlainHeaders implements RequestHeaders {
  readonly #fields: StreamHead['headers'];

  constructor(fields: StreamHead['headers']) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    return this.#fields.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }
}

/** What comes back with a cursor says, and nothing that could be read in two ways. */
const ONE_PLAIN = /^(access|device|state|ticket)=([\w.-]*)$/;

/** By the framework's own reader, so that both doors take an address the same way. */
export function queryOf(target: string): Record<string, string> {
  const mark = target.indexOf('?');
  if (mark === -1) return {};
  const [, name, value] = ONE_PLAIN.exec(target.slice(mark + 1)) ?? [];
  if (name === undefined) return getQueryParam(`http://host${target}`) as Record<string, string>;
  const query: Record<string, string> = {};
  query[name] = value as string;
  return query;
}

type Fields = Record<string, string>;

let last = { coding: {} as Fields, more: {} as Fields, second: 0, text: '' };

/** All that answers have in common: it says no more than the second, in which a storm brings thousands. */
function beginningOf(coding: Fields, more: Fields): string {
  const second = Math.floor(Date.now() / 1_000);
  if (last.coding !== coding || last.more !== more || last.second !== second) {
    last = { coding, more, second, text: headOf(streamHeaders(coding, Object.entries(more)), second) };
  }
  return last.text;
}

/** As Node's own server would write it, and without a Connection header, which breaks HTTP/2 proxies. */
function headOf(headers: Fields, second: number): string {
  let fields = '';
  for (const name in headers) fields += `${name}: ${headers[name]}\r\n`;
  return `HTTP/1.1 200 OK\r\n${fields}Date: ${new Date(second * 1_000).toUTCString()}\r\n`;
}

function follow(socket: Socket, stream: OpenStream): void {
  hold(socket, new Follower(stream));
  if (socket.destroyed) stream.gone();
  else if (socket.isPaused()) socket.resume();
}

class Follower implements Holder {
  readonly #stream: OpenStream;

  constructor(stream: OpenStream) {
    this.#stream = stream;
  }

  /** A stream is the last answer of its connection, so what comes behind its request is no request that we could answer. */
  data(socket: Socket): void {
    socket.destroy();
  }

  end(socket: Socket): void {
    socket.end();
  }

  closed(): void {
    this.#stream.gone();
  }
}
