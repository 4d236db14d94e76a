/**
 * What becomes of something that is reported, for who awaits it and who does not: what fails is told to `unheard` where
 * nobody had asked for it by then.
 */
export class Reported<Result> extends Promise<Result> {
  #isHeard = false;

  static of<Result>(work: Promise<Result>, unheard: (error: unknown) => void): Reported<Result> {
    const reported = new Reported<Result>((resolve, reject) => void work.then(resolve, reject));
    // Not by its own `then`: that one is for whoever asks.
    Promise.prototype.then.call(reported, undefined, (error) => {
      if (!reported.#isHeard) unheard(error);
    });
    return reported;
  }

  /** What `then` gives is a promise like any other. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** `await` comes by here too, since this is no plain promise. */
  // biome-ignore lint/suspicious/noThenProperty: that it is asked is what is to be known
  override then<Value = Result, Other = never>(
    onFulfilled?: ((value: Result) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Other | PromiseLike<Other>) | null,
  ): Promise<Value | Other> {
    this.#isHeard = true;
    return super.then(onFulfilled, onRejected);
  }
}
