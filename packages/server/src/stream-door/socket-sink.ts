import type { Socket } from 'node:net';
import type { Sink } from '@belfry/hub';
import { handleOf, writeAtOnce } from './at-once.ts';

/** What is gathered is copied into one piece up to here; what is larger is handed to the socket in its pieces. Bytes. */
const MOST_GATHERED = 16_384;
/** A state is mostly read within a few. A database that takes longer holds up no beginning for longer. */
const HOLD_MS = 25;
/** Where what is gathered is put together: it is with the system, or copied, before the next is. */
const TOGETHER = Buffer.allocUnsafeSlow(MOST_GATHERED);

/** Writes a stream to a connection itself: its answer has neither length nor chunks, so all bytes after its head are its body. */
export class SocketSink implements Sink {
  readonly #socket: Socket;
  readonly #handle: ReturnType<typeof handleOf>;
  /** The socket may hold some of what was written, as it may from before: what follows goes behind it. */
  #isBehind = true;
  #gathered: (Uint8Array | string)[] | null = null;
  #bytes = 0;
  #isHeld = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#handle = handleOf(socket);
  }

  write(bytes: Uint8Array): number {
    if (this.#gathered === null) return this.#send(bytes);
    if (!this.#socket.writable) return 0;
    this.#gather(this.#gathered, bytes);
    return bytes.length;
  }

  /** What stands before the stream, in Latin-1: gathered as the text that it is. It comes first, and is short. */
  begin(head: string): void {
    this.gather();
    this.#gathered?.push(head);
    this.#bytes += head.length;
  }

  /** A write to a socket costs more than all that is written at the start of a stream. */
  gather(): void {
    this.#gathered ??= [];
    this.#isHeld = false;
    if (gathering.push(this) === 1) setImmediate(writeAllGathered);
  }

  hold(): void {
    this.gather();
    this.#isHeld = true;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  writeGathered(): void {
    const [pieces, bytes] = [this.#gathered ?? [], this.#bytes];
    this.#gathered = null;
    this.#bytes = 0;
    this.#isHeld = false;
    const first = pieces[0];
    if (typeof first === 'object' && pieces.length === 1) this.#send(first);
    else if (first !== undefined) this.#sendTogether(pieces, bytes);
  }

  get buffered(): number {
    return this.#waiting() + this.#bytes;
  }

  get isDrained(): boolean {
    return this.#waiting() === 0 || !this.#socket.writableNeedDrain;
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

  #gather(pieces: (Uint8Array | string)[], bytes: Uint8Array): void {
    if (this.#bytes + bytes.length > MOST_GATHERED) {
      this.writeGathered();
      this.#send(bytes);
      return;
    }
    pieces.push(bytes);
    this.#bytes += bytes.length;
  }

  /** Most take all of it at once, and then the socket is not so much as looked at: it is far away in memory. */
  #send(bytes: Uint8Array): number {
    const sent = this.#waiting() === 0 ? writeAtOnce(this.#handle, bytes, bytes.length) : 0;
    if (sent === bytes.length) return sent;
    if (!this.#socket.writable) return sent;
    this.#giveToSocket(sent === 0 ? bytes : bytes.subarray(sent));
    return bytes.length;
  }

  /** Only what the system does not take at once gets memory of its own. */
  #sendTogether(pieces: readonly (Uint8Array | string)[], length: number): void {
    let at = 0;
    for (const piece of pieces) {
      if (typeof piece === 'string') TOGETHER.write(piece, at, 'latin1');
      else TOGETHER.set(piece, at);
      at += piece.length;
    }
    const sent = this.#waiting() === 0 ? writeAtOnce(this.#handle, TOGETHER, length) : 0;
    if (sent < length) this.#giveToSocket(Buffer.from(TOGETHER.subarray(sent, length)));
  }

  #giveToSocket(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#isBehind = true;
    this.#socket.write(bytes);
  }

  /** Bytes that the socket holds. */
  #waiting(): number {
    if (!this.#isBehind) return 0;
    const { writableLength } = this.#socket;
    this.#isBehind = writableLength > 0;
    return writableLength;
  }
}

/** Those that gather in this turn of the event loop. A wake-up for all: one for each would cost as much as its write's copy. */
let gathering: SocketSink[] = [];

function writeAllGathered(): void {
  const sinks = gathering;
  gathering = [];
  for (const sink of sinks) {
    if (!sink.isHeld) sink.writeGathered();
    else if (held.push(sink) === 1) setTimeout(writeAllHeld, HOLD_MS);
  }
}

let held: SocketSink[] = [];

/** Most have got what they waited for, and have nothing more to write. */
function writeAllHeld(): void {
  const sinks = held;
  held = [];
  for (const sink of sinks) sink.writeGathered();
}
