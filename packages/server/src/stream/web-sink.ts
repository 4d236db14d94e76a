import type { Sink } from '@belfry/hub';

const HIGH_WATER_BYTES = 65_536;

/** Writes a stream to a web ReadableStream, for servers that speak fetch. */
export class WebSink implements Sink {
  readonly body: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #onDrain: (() => void)[] = [];
  #over = false;

  /** @param onGone called once, when the reader has cancelled or the stream has ended. */
  constructor(onGone: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#drained(),
        cancel: () => {
          this.#over = true;
          onGone();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
    );
    this.#onGone = onGone;
  }

  readonly #onGone: () => void;

  write(bytes: Uint8Array): number {
    if (this.#over) return 0;
    this.#controller.enqueue(bytes);
    return bytes.length;
  }

  get buffered(): number {
    return this.#over ? 0 : HIGH_WATER_BYTES - (this.#controller.desiredSize ?? HIGH_WATER_BYTES);
  }

  get isDrained(): boolean {
    return this.#over || (this.#controller.desiredSize ?? 0) > 0;
  }

  whenDrained(callback: () => void): void {
    if (this.#over || (this.#controller.desiredSize ?? 0) > 0) queueMicrotask(callback);
    else this.#onDrain.push(callback);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller.close();
    this.#onGone();
  }

  destroy(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller.error(new Error('The stream was closed.'));
    this.#onGone();
  }

  #drained(): void {
    const waiting = this.#onDrain;
    this.#onDrain = [];
    for (const callback of waiting) callback();
  }
}
