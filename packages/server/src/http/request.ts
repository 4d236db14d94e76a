/** The headers of a request. A web Request's are such, and Node's are made so. */
export type RequestHeaders = Pick<Headers, 'get' | 'has'>;

/** What tells who a request is from and what kind it is: a web Request does. */
export interface RequestHead {
  readonly method: string;
  readonly headers: RequestHeaders;
}

/** A call of the API as its route sees it, whichever door it came in by. */
export interface ApiRequest extends RequestHead {
  /** As in `X-Request-Id`. */
  readonly id: string;
  /** As it stands in the address, encoded. */
  readonly pathname: string;
  /** All values of each name, in order. */
  query(): Record<string, string[]>;
  /** A part of the path, decoded; empty for a name that the path has not. */
  param(name: string): string;
  /** Aborted when the client has gone before its answer. */
  readonly signal: AbortSignal;
  /** @throws BelfryError `too_large`, `unavailable` or `invalid`, as `readBody` does. */
  readBody(limit: number): Promise<Buffer>;
}
