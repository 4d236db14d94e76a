import { connect, type Socket } from 'node:net';
import type { Address, StreamWire } from '../peers/peer.ts';
import { sourceAddress } from './source-address.ts';
import { placeIn, type StreamPlace } from './stream-place.ts';
import type { Received } from './subscribers.ts';

/** Streams that are being opened at the same time. */
const OPENING_AT_ONCE = 256;
/** Before another try, where the server names no time; and up to as much again, so that not all come at once. */
const RETRY_MS = 250;
const FRAME_END = '\n\n';
const SEQUENCE = /seq=(\d{10})/g;

interface Stream {
  user: number;
  socket: Socket | null;
  isLive: boolean;
  place: StreamPlace | undefined;
  /** What came and is no whole frame yet; before it is live, all that came. */
  text: string;
}

/** Streams that come back by themselves with their cursors, as a client does, however they end. */
export class ResumingStreams {
  /** Streams that miss nothing now. */
  live = 0;
  /** Answers that were no stream. */
  refused = 0;
  readonly #wire: StreamWire;
  readonly #address: Address;
  readonly #received: Received;
  readonly #waiting: Stream[] = [];
  readonly #streams: Stream[];
  readonly #timers = new Set<NodeJS.Timeout>();
  #opening = 0;
  #closed = false;
  #allLive: (() => void) | null = null;

  constructor(wire: StreamWire, address: Address, count: number, received: Received) {
    this.#wire = wire;
    this.#address = address;
    this.#received = received;
    this.#streams = Array.from({ length: count }, (_, user) => ({
      ...{ user, socket: null, isLive: false, place: undefined, text: '' },
    }));
  }

  open(): Promise<void> {
    for (const stream of this.#streams) this.#wait(stream);
    return this.allLive();
  }

  /** Resolves as soon as all are. */
  allLive(): Promise<void> {
    if (this.live === this.#streams.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#allLive = resolve;
    });
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { socket } of this.#streams) socket?.destroy();
  }

  #wait(stream: Stream): void {
    this.#waiting.push(stream);
    this.#openNext();
  }

  #openNext(): void {
    while (this.#opening < OPENING_AT_ONCE) {
      const stream = this.#waiting.shift();
      if (stream === undefined || this.#closed) return;
      this.#opening += 1;
      this.#open(stream);
    }
  }

  #open(stream: Stream): void {
    stream.text = '';
    const socket = connect({ ...this.#address, ...sourceAddress(stream.user), noDelay: true });
    stream.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => this.#read(stream, piece));
    // What follows an error is `close`.
    socket.on('error', () => {});
    socket.on('close', () => this.#ended(stream));
    socket.write(this.#wire.stream(stream.user, stream.place));
  }

  #ended(stream: Stream): void {
    if (this.#closed) return;
    if (stream.isLive) {
      stream.isLive = false;
      this.live -= 1;
      this.#wait(stream);
      return;
    }
    this.#opening -= 1;
    if (stream.text !== '') this.refused += 1;
    const wanted = Number(/"retryMs":(\d+)/.exec(stream.text)?.[1] ?? RETRY_MS * (1 + Math.random()));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#wait(stream);
    }, wanted);
    this.#timers.add(timer);
    this.#openNext();
  }

  #read(stream: Stream, piece: string): void {
    stream.text += piece;
    if (!stream.isLive && !this.#becomesLive(stream)) return;
    const end = stream.text.lastIndexOf(FRAME_END);
    if (end === -1) return;
    const frames = stream.text.slice(0, end + FRAME_END.length);
    stream.text = stream.text.slice(end + FRAME_END.length);
    const now = performance.now();
    for (const [, sequence] of frames.matchAll(SEQUENCE)) this.#received(stream.user, Number(sequence), now);
    const { cursor } = placeIn(`\n${frames}`);
    if (cursor !== '' && stream.place !== undefined) stream.place = { ...stream.place, cursor };
  }

  /** What came before it was live is read with the rest: what was missed is in it. */
  #becomesLive(stream: Stream): boolean {
    const mark = stream.text.indexOf(this.#wire.ready);
    if (mark === -1 || !stream.text.includes(FRAME_END, mark)) return false;
    stream.isLive = true;
    stream.place = placeIn(stream.text);
    this.live += 1;
    this.#opening -= 1;
    this.#openNext();
    if (this.live === this.#streams.length) this.#allLive?.();
    return true;
  }
}
