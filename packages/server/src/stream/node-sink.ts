import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Sink } from '@belfry/hub';

/**
 * Writes a stream to a Node response. Once the headers are out, bytes go to the socket itself: that spares about a
 * third of the CPU a message costs. The response has neither a length nor chunks, so its body is whatever is written
 * until the connection closes (RFC 9112 6.3), and every reader can share the same bytes.
 */
export class NodeSink implements Sink {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  write(bytes: Uint8Array): number {
    const { socket } = this.#response;
    if (this.#response.destroyed || this.#response.writableEnded) return 0;
    // A pipelined request's response has no socket until the one before it ends; Node buffers for it.
    if (socket === null || !this.#response.headersSent) this.#response.write(bytes);
    else socket.write(bytes);
    return bytes.length;
  }

  get buffered(): number {
    return this.#response.socket?.writableLength ?? this.#response.writableLength;
  }

  get isDrained(): boolean {
    return !(this.#response.socket ?? this.#response).writableNeedDrain;
  }

  whenDrained(callback: () => void): void {
    const stream = this.#response.socket ?? this.#response;
    if (stream.writableNeedDrain) stream.once('drain', callback);
    else queueMicrotask(callback);
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }
}

/** Sends the headers of a stream. Neither chunked nor kept alive, and without a Connection header, which breaks HTTP/2 proxies. */
export function startNodeStream(response: ServerResponse, headers: Record<string, string>): NodeSink {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.removeHeader('connection');
  holdForTurn(response.socket);
  response.writeHead(200, headers);
  response.flushHeaders();
  return new NodeSink(response);
}

/** What is at hand in this turn of the event loop goes out by one write: of who resumes, that is all they missed. */
function holdForTurn(socket: Socket | null): void {
  if (socket === null) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
