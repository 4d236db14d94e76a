import type { Socket } from 'node:net';
import type { Sink } from '@belfry/hub';

/** What is gathered is copied into one piece up to here; what is larger is handed to the socket in its pieces. Bytes. */
const MOST_GATHERED = 16_384;

/** Writes a stream to a connection itself: its answer has neither length nor chunks, so all bytes after its head are its body. */
export class SocketSink implements Sink {
  readonly #socket: Socket;
  #gathered: Uint8Array[] | null = null;
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(bytes: Uint8Array): number {
    if (!this.#socket.writable) return 0;
    if (this.#gathered === null) this.#socket.write(bytes);
    else this.#gather(this.#gathered, bytes);
    return bytes.length;
  }

  /** A write to a socket costs more than all that is written at the start of a stream. */
  gather(): void {
    if (this.#gathered !== null) return;
    this.#gathered = [];
    process.nextTick(writeGathered, this);
  }

  writeGathered(): void {
    const [pieces, bytes] = [this.#gathered ?? [], this.#bytes];
    this.#gathered = null;
    this.#bytes = 0;
    if (!this.#socket.writable || pieces.length === 0) return;
    this.#socket.write(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, bytes));
  }

  get buffered(): number {
    return this.#socket.writableLength + this.#bytes;
  }

  whenDrained(callback: () => void): void {
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', callback);
    else queueMicrotask(callback);
  }

  end(): void {
    this.writeGathered();
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #gather(pieces: Uint8Array[], bytes: Uint8Array): void {
    if (this.#bytes + bytes.length > MOST_GATHERED) {
      this.writeGathered();
      this.#socket.write(bytes);
      return;
    }
    pieces.push(bytes);
    this.#bytes += bytes.length;
  }
}

function writeGathered(sink: SocketSink): void {
  sink.writeGathered();
}
