/**
 * Where a connection's bytes go: a Node response, a web stream, anything that takes bytes in order. The hub never
 * waits for it on the way to others; it looks at `buffered` and closes what falls behind. None of it may throw: it is
 * called on the way from a commit to everyone. One that does is destroyed, and its stream ends without a word.
 */
export interface Sink {
  /**
   * Takes the bytes at once. They are shared with other sinks and must not be changed.
   *
   * @returns how many bytes that makes on the wire, as `buffered` counts them.
   */
  write(bytes: Uint8Array): number;
  /** What is written from now on, until this turn of the event loop is over, may go in one piece. */
  gather?(): void;
  /** The same until it is to gather again, and for a moment at most: what this goes with is being read. */
  hold?(): void;
  /** Bytes taken and not yet on their way. */
  readonly buffered: number;
  /** Whether that is so already. Without it, `whenDrained` is asked. */
  readonly isDrained?: boolean;
  /** Calls back once, when little is left in the buffer; at once where that is so already. */
  whenDrained(callback: () => void): void;
  /** Sends what is buffered, then closes. */
  end(): void;
  /** Closes at once; what is buffered is lost. */
  destroy(): void;
}
