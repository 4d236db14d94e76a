import { pause } from '../pause.ts';

/** Does one thing over and over from `start` to `drop`, with a short rest between. What it throws ends one round. */
export class Loop {
  readonly #round: (signal: AbortSignal) => Promise<void>;
  readonly #restMs: () => number;
  #controller: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(round: (signal: AbortSignal) => Promise<void>, restMs: () => number) {
    this.#round = round;
    this.#restMs = restMs;
  }

  start(): void {
    if (this.#controller !== null) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#running = this.#running.then(() => this.#run(controller.signal));
  }

  drop(): void {
    this.#controller?.abort();
    this.#controller = null;
  }

  async stop(): Promise<void> {
    this.drop();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#round(signal).catch(() => {});
      if (!signal.aborted) await pause(this.#restMs(), signal);
    }
  }
}
