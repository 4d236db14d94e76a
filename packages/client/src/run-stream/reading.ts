import type { ClosingFrame, Run, RunDoneFrame, RunLine, RunMessage, RunSnapshotFrame } from '@belfry/protocol';
import { bounded } from '../backoff.ts';
import type { Frame } from '../frame-parser.ts';
import { ReadPosition } from '../position.ts';
import { RequestError } from '../request-error.ts';

/** What following a run brings. */
export type RunEvent =
  /**
   * The run as it stood when following began; first of all. `logsCursor` leads to the lines before those that follow
   * now. Again only where the stream could not go on, and only for who wants it so: then all begins anew.
   */
  | { type: 'snapshot'; run: Run; logsCursor: string | null }
  | { type: 'line'; line: RunLine }
  | { type: 'updated'; run: Run }
  /** One of the app's own. */
  | { type: 'event'; event: RunMessage }
  /** The last. */
  | ({ type: 'done' } & RunDoneFrame);

/** Where a stream can't go on, and its snapshot may leave lines out: read all from the start, or begin anew with it. */
export type OnHole = 'reread' | 'restart';

/** Turns frames into events, each once and in order, over as many connections as it takes. */
export class RunReading {
  readonly #position = new ReadPosition(null);
  #lastLine = 0;
  #hasBegun = false;
  /** Whether all is to be read again from the start: what had come in between is in no snapshot. */
  #fromStart: boolean;
  readonly #onHole: OnHole;
  isDone = false;
  /** How long the server asked to wait before the next connection. */
  askedMs = 0;

  constructor(fromStart: boolean, onHole: OnHole) {
    this.#fromStart = fromStart;
    this.#onHole = onHole;
  }

  /** What the next connection asks for. */
  get call(): { headers: Record<string, string>; query: { from?: string } } {
    if (this.#fromStart) return { headers: {}, query: { from: 'start' } };
    const { text } = this.#position;
    return { headers: text === null ? {} : { 'Last-Event-ID': text }, query: {} };
  }

  /** False: the connection is of no use any more, and another one is to be opened at once. */
  take({ event, id, data }: Frame, out: RunEvent[]): boolean {
    if (event === 'id') this.#position.follow(id as string);
    else if (event === 'snapshot') return this.#snapshot(parsed<RunSnapshotFrame>(data), id, out);
    else if (event === 'message') this.#message(parsed<RunMessage>(data), id, out);
    else if (event === 'closing') this.askedMs = bounded(parsed<ClosingFrame>(data).retryMs);
    else if (event === 'done') {
      this.isDone = true;
      out.push({ type: 'done', ...parsed<RunDoneFrame>(data) });
    }
    return true;
  }

  #snapshot({ run, logs, logsCursor }: RunSnapshotFrame, id: string | null, out: RunEvent[]): boolean {
    const next = logs[0]?.n ?? this.#lastLine + 1;
    const restarts = this.#onHole === 'restart';
    if (this.#hasBegun && !restarts && !this.#fromStart && next > this.#lastLine + 1) {
      this.#fromStart = true;
      return false;
    }
    if (restarts) this.#lastLine = 0;
    const begins = restarts || !this.#hasBegun;
    out.push(begins ? { type: 'snapshot', run, logsCursor } : { type: 'updated', run });
    this.#hasBegun = true;
    this.#lines(logs, out);
    if (id !== null) this.#position.pass(id);
    return true;
  }

  #message(message: RunMessage, id: string | null, out: RunEvent[]): void {
    if (id !== null && !this.#position.pass(id)) return;
    // From here on the position leads on.
    this.#fromStart = false;
    const data = message.data as unknown as { lines: RunLine[]; run: Run };
    if (message.type === 'run.log') this.#lines(data.lines, out);
    else if (message.type === 'run.updated') out.push({ type: 'updated', run: data.run });
    else out.push({ type: 'event', event: message });
  }

  #lines(lines: readonly RunLine[], out: RunEvent[]): void {
    for (const line of lines) {
      if (line.n <= this.#lastLine) continue;
      this.#lastLine = line.n;
      out.push({ type: 'line', line });
    }
  }
}

/** What can't be read breaks the connection: left out, a line would be missing. */
function parsed<Value>(data: string | null): Value {
  try {
    return JSON.parse(data ?? '') as Value;
  } catch (cause) {
    throw new RequestError('unavailable', 'A block of the stream was not as Belfry writes it.', 0, { cause });
  }
}
