import type { Environment } from './environment.ts';

const ACK_MS = 30_000;

/** Tells the server now and then how far a device has come: at most every 30 s, and only after something came. */
export class Acker {
  readonly #environment: Environment;
  readonly #send: () => Promise<unknown>;
  #cancel: (() => void) | null = null;

  constructor(environment: Environment, send: () => Promise<unknown>) {
    this.#environment = environment;
    this.#send = send;
  }

  /** Something was handed over. */
  arrived(): void {
    const jittered = ACK_MS * (1 + this.#environment.random() / 2);
    this.#cancel ??= this.#environment.setTimer(() => {
      this.#cancel = null;
      // One that is lost costs nothing: the next one, or the next Last-Event-ID, says more.
      this.#send().catch(() => {});
    }, jittered);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
