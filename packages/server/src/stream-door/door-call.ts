import type { Socket } from 'node:net';
import type { OpenStream } from '@belfry/hub';
import { getQueryParam } from 'hono/utils/url';
import type { Reply } from '../http/reply.ts';
import type { RequestHeaders } from '../http/request.ts';
import { requestIdFrom } from '../http/request-id.ts';
import { type Compression, codingFor } from '../stream/compression.ts';
import type { Open, StreamCall } from '../stream/stream-call.ts';
import { streamHeaders } from '../stream/stream-headers.ts';
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
  readonly #more: Record<string, string>;
  readonly #compression: Compression;

  /**
   * @param query what `queryOf` says of the head's target, which is read once.
   * @param more headers of every answer.
   */
  constructor(
    socket: Socket,
    { run, headers }: StreamHead,
    query: Record<string, string>,
    compression: Compression,
    more: Record<string, string>,
  ) {
    this.#socket = socket;
    this.#query = query;
    this.#compression = compression;
    this.run = run ?? '';
    this.headers = { get: (name) => headers.get(name) ?? null, has: (name) => headers.has(name) };
    this.id = requestIdFrom(headers.get('x-request-id'));
    this.#more = { 'x-request-id': this.id, ...more };
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
    sink.gather();
    sink.write(Buffer.from(headOf(streamHeaders(coding.headers, Object.entries(this.#more))), 'latin1'));
    follow(this.#socket, open(coding.over(sink), onGone));
    return null;
  }

  reply({ status, headers, body }: Parameters<StreamCall<Reply>['reply']>[0]): Reply {
    return { status, headers: { ...headers, ...this.#more }, body };
  }
}

/** What comes back with a cursor says, and nothing that could be read in two ways. */
const ONE_PLAIN = /\?(access|device|state|ticket)=([\w.-]*)$/;

/** By the framework's own reader, so that both doors take an address the same way. */
export function queryOf(target: string): Record<string, string> {
  const [plain, name, value] = ONE_PLAIN.exec(target) ?? [];
  if (plain !== undefined && target.indexOf('?') === target.length - plain.length)
    return { [name as string]: value as string };
  return target.includes('?') ? (getQueryParam(`http://host${target}`) as Record<string, string>) : {};
}

/** As Node's own server would write it, and without a Connection header, which breaks HTTP/2 proxies. */
function headOf(headers: Record<string, string>): string {
  let fields = '';
  for (const name in headers) fields += `${name}: ${headers[name]}\r\n`;
  return `HTTP/1.1 200 OK\r\n${fields}Date: ${httpDate()}\r\n\r\n`;
}

let date = { second: 0, text: '' };

/** It says no more than the second, in which a storm brings thousands. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== date.second) date = { second, text: new Date(second * 1_000).toUTCString() };
  return date.text;
}

/** The listeners are the same for all connections but for one: there are tens of thousands of them. */
function follow(socket: Socket, stream: OpenStream): void {
  socket.on('data', cutOff);
  socket.on('end', closeToo);
  socket.on('close', () => stream.gone());
  if (socket.destroyed) stream.gone();
  else socket.resume();
}

/** A stream is the last answer of its connection, so what comes behind its request is no request that we could answer. */
function cutOff(this: Socket): void {
  this.destroy();
}

function closeToo(this: Socket): void {
  this.end();
}
