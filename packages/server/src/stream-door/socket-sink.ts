import type { Socket } from 'node:net';
import type { Sink } from '@belfry/hub';

/** Writes a stream to a connection itself: its answer has neither length nor chunks, so all bytes after its head are its body. */
export class SocketSink implements Sink {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(bytes: Uint8Array): number {
    if (!this.#socket.writable) return 0;
    this.#socket.write(bytes);
    return bytes.length;
  }

  gather(): void {
    const socket = this.#socket;
    socket.cork();
    process.nextTick(uncork, socket);
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  whenDrained(callback: () => void): void {
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', callback);
    else queueMicrotask(callback);
  }

  end(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}
