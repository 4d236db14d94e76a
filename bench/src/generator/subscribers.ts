import { connect, type Socket } from 'node:net';
import type { Address, StreamWire } from '../peers/peer.ts';
import { FrameScanner, scanFrames } from './frame-scanner.ts';
import { sourceAddress } from './source-address.ts';
import { scanWebSocketFrames } from './websocket-frames.ts';

/** Streams that are being opened at the same time. */
const OPENING_AT_ONCE = 64;
/** All sockets are read into it: it is scanned before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(1_048_576);
const BLANK_LINE = '\n\n';
const HEAD_END = '\r\n\r\n';

export type Received = (subscriber: number, sequence: number, now: number) => void;

interface Stream {
  index: number;
  socket: Socket | null;
  /** What came before it was ready: the head of the answer and the first frames. */
  opening: string | null;
  rest: Buffer | null;
}

/** Many open streams. Frames are counted from the one by which the server says that nothing will be missed. */
export class Subscribers {
  /** Told of a stream that the server ends; without it that is a failure. */
  ended: ((subscriber: number) => void) | null = null;
  /** Told what each stream had got when it became ready. */
  opened: ((subscriber: number, opening: string) => void) | null = null;
  /** Bytes read from ready streams. */
  bytes = 0;
  /** Times that a socket had something; a server that writes more at once needs fewer. */
  reads = 0;
  readonly #wire: StreamWire;
  readonly #address: Address;
  readonly #received: Received;
  readonly #scanner: FrameScanner;
  readonly #streams: Stream[] = [];
  #closing = false;
  #fail: (error: Error) => void = () => {};
  /** Rejects when a stream ends that should not. */
  readonly failed: Promise<never>;

  constructor(wire: StreamWire, address: Address, received: Received, scanner = scannerFor(wire)) {
    this.#wire = wire;
    this.#address = address;
    this.#received = received;
    this.#scanner = scanner;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever waits is told; where nobody does it is no crash.
    this.failed.catch(() => {});
  }

  /** Opens streams for the users up to `count`, some at a time, and resolves when all are ready. */
  async open(count: number): Promise<void> {
    const from = this.#streams.length;
    let next = from;
    const worker = async () => {
      while (next < count) await this.#openOne(next++);
    };
    const workers = Array.from({ length: Math.min(OPENING_AT_ONCE, count - from) }, worker);
    await Promise.race([Promise.all(workers), this.failed]);
  }

  /** Nothing is read any more, until they are told to go on. */
  pause(): void {
    for (const { socket } of this.#streams) socket?.pause();
  }

  resume(): void {
    for (const { socket } of this.#streams) socket?.resume();
  }

  close(): void {
    this.#closing = true;
    for (const { socket } of this.#streams) socket?.destroy();
  }

  /** As where a network or a machine is lost: each connection is reset, and nobody says goodbye. */
  cut(): void {
    this.#closing = true;
    for (const { socket } of this.#streams) socket?.resetAndDestroy();
  }

  #openOne(index: number): Promise<void> {
    const stream: Stream = { index, socket: null, opening: '', rest: null };
    this.#streams.push(stream);
    return new Promise((ready) => {
      const read = (length: number) => {
        this.#read(stream, length, ready);
        return true;
      };
      const { host, port } = this.#address;
      stream.socket = connect({ host, port, ...sourceAddress(index), onread: { buffer: READ_BUFFER, callback: read } });
      stream.socket.on('close', () => this.#closed(stream));
      stream.socket.on(
        'error',
        (error) => this.ended === null && this.#fail(new Error(`Stream ${index}: ${error.message}`)),
      );
      stream.socket.write(this.#wire.stream(index));
    });
  }

  #read(stream: Stream, length: number, ready: () => void): void {
    try {
      if (stream.opening === null) this.#readFrames(stream, READ_BUFFER, length);
      else this.#readOpening(stream, length, ready);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #readOpening(stream: Stream, length: number, ready: () => void): void {
    const before = stream.opening ?? '';
    const opening = before + READ_BUFFER.toString('latin1', 0, length);
    stream.opening = opening;
    const { webSocket, ready: mark } = this.#wire;
    if (opening.length > 12 && !opening.startsWith(webSocket === undefined ? 'HTTP/1.1 200' : 'HTTP/1.1 101')) {
      throw new Error(`Stream ${stream.index} was refused: ${opening.slice(0, 400)}`);
    }
    if (webSocket !== undefined && !before.includes(HEAD_END) && opening.includes(HEAD_END)) {
      stream.socket?.write(webSocket.hello);
    }
    const end = endOf(opening, mark, webSocket === undefined);
    if (end === -1) return;
    stream.opening = null;
    this.opened?.(stream.index, opening);
    const begun = Buffer.from(opening.slice(end), 'latin1');
    if (begun.length > 0) this.#readFrames(stream, begun, begun.length);
    ready();
  }

  #readFrames(stream: Stream, bytes: Buffer, length: number): void {
    const now = performance.now();
    const { sequences, rest, pings = 0 } = this.#scanner.scan(stream.rest, bytes, length);
    stream.rest = rest;
    for (let ping = 0; ping < pings; ping += 1) stream.socket?.write(this.#wire.webSocket?.pong ?? '');
    this.bytes += length;
    this.reads += 1;
    for (let at = 0; at < sequences.length; at += 1) this.#received(stream.index, sequences[at] as number, now);
  }

  #closed({ index, opening }: Stream): void {
    if (this.#closing) return;
    if (opening === null && this.ended !== null) {
      this.ended(index);
      return;
    }
    const said = opening === null ? '' : ` before it was ready, after: ${opening.slice(0, 400)}`;
    this.#fail(new Error(`The server closed stream ${index}${said}`));
  }
}

/** Where the frame ends that says that a stream is ready; -1 where it has not come. */
function endOf(opening: string, mark: string, isText: boolean): number {
  const at = opening.indexOf(mark);
  if (at === -1) return -1;
  if (!isText) return at + mark.length;
  const end = opening.indexOf(BLANK_LINE, at);
  return end === -1 ? -1 : end + BLANK_LINE.length;
}

function scannerFor({ webSocket }: StreamWire): FrameScanner {
  return new FrameScanner(webSocket === undefined ? scanFrames : scanWebSocketFrames);
}
