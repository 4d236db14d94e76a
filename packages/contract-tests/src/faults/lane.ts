import type { Socket } from 'node:net';

/** What one direction of a proxy does to what passes. Shared by all its connections, and changed while they run. */
export interface LaneFaults {
  /** Nothing passes; connections stay open. */
  isStalled: boolean;
  delayMs: number;
  /** Of each connection. Null: as fast as it goes. */
  bytesPerSecond: number | null;
}

export function noFaults(): LaneFaults {
  return { isStalled: false, delayMs: 0, bytesPerSecond: null };
}

/** Past this the sender feels it, as it would a full network. */
const MOST_QUEUED = 65_536;
const SLICES_A_SECOND = 50;

/** One direction of one connection. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #faults: LaneFaults;
  /** Null is the end of the stream. */
  readonly #queue: { bytes: Buffer | null; due: number }[] = [];
  #queued = 0;
  #freeAt = 0;
  #hasEnded = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(from: Socket, to: Socket, faults: LaneFaults) {
    this.#from = from;
    this.#to = to;
    this.#faults = faults;
    from.on('data', (bytes) => this.#take(bytes));
    from.on('end', () => {
      this.#hasEnded = true;
      this.#take(null);
    });
    from.on('error', () => {});
    from.on('close', (isBroken) => this.#stop(isBroken));
    to.on('drain', () => this.pump());
  }

  /** To be called when the faults have changed. */
  pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#queue.length > 0 && !this.#faults.isStalled && !this.#to.destroyed) {
      const wait = Math.max(this.#queue[0]?.due ?? 0, this.#freeAt) - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.pump(), wait);
        return;
      }
      if (!this.#pass()) return;
    }
  }

  #take(bytes: Buffer | null): void {
    this.#queue.push({ bytes, due: performance.now() + this.#faults.delayMs });
    this.#queued += bytes?.length ?? 0;
    if (this.#queued > MOST_QUEUED) this.#from.pause();
    this.pump();
  }

  /** Passes what is first, or the part of it that fits. False: there is no room behind it. */
  #pass(): boolean {
    const first = this.#queue[0];
    if (first?.bytes == null) {
      this.#queue.shift();
      this.#to.end();
      return true;
    }
    const { bytesPerSecond } = this.#faults;
    const most =
      bytesPerSecond === null ? first.bytes.length : Math.max(1, Math.floor(bytesPerSecond / SLICES_A_SECOND));
    const part = first.bytes.subarray(0, most);
    if (part.length === first.bytes.length) this.#queue.shift();
    else first.bytes = first.bytes.subarray(most);
    this.#queued -= part.length;
    if (bytesPerSecond !== null) this.#freeAt = performance.now() + (part.length / bytesPerSecond) * 1_000;
    if (this.#queued <= MOST_QUEUED) this.#from.resume();
    return this.#to.write(part);
  }

  /** What came before a clean end arrives, however late; after any other end, nothing does. */
  #stop(isBroken: boolean): void {
    if (this.#hasEnded) {
      if (isBroken) whenFinished(this.#to, () => this.#to.destroy());
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#to.destroy();
  }
}

function whenFinished(socket: Socket, then: () => void): void {
  if (socket.writableFinished) then();
  else socket.once('finish', then);
}
