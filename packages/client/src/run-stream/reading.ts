import type { ClosingFrame, Run, RunDoneFrame, RunLine, RunMessage, RunSnapshotFrame } from '@belfry/protocol';
import { bounded } from '../backoff.ts';
import type { Frame } from '../frame-parser.ts';
import { readPosition } from '../position.ts';
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
export interface RunReading {
  isDone: boolean;
  /** How long the server asked to wait before the next connection. */
  askedMs: number;
  /** What the next connection asks for. */
  call(): { headers: Record<string, string>; query: { from?: string } };
  /** False: the connection is of no use any more, and another one is to be opened at once. */
  take(frame: Frame, out: RunEvent[]): boolean;
}

/** `fromStart`: all is to be read from the start. */
export function createReading(fromStart: boolean, onHole: OnHole): RunReading {
  const { place, pass, follow } = readPosition(null);
  let lastLine = 0;
  let hasBegun = false;
  /** Also where what had come in between is in no snapshot. */
  let rereads = fromStart;

  const takeLines = (lines: readonly RunLine[], out: RunEvent[]): void => {
    for (const line of lines) {
      if (line.n <= lastLine) continue;
      lastLine = line.n;
      out.push({ type: 'line', line });
    }
  };

  const snapshot = ({ run, logs, logsCursor }: RunSnapshotFrame, id: string | null, out: RunEvent[]): boolean => {
    const next = logs[0]?.n ?? lastLine + 1;
    const restarts = onHole === 'restart';
    if (hasBegun && !restarts && !rereads && next > lastLine + 1) {
      rereads = true;
      return false;
    }
    if (restarts) lastLine = 0;
    out.push(restarts || !hasBegun ? { type: 'snapshot', run, logsCursor } : { type: 'updated', run });
    hasBegun = true;
    takeLines(logs, out);
    pass(id);
    return true;
  };

  const message = (event: RunMessage, id: string | null, out: RunEvent[]): void => {
    if (!pass(id)) return;
    // From here on the position leads on.
    rereads = false;
    const { lines, run } = event.data as unknown as { lines: RunLine[]; run: Run };
    if (event.type === 'run.log') takeLines(lines, out);
    else out.push(event.type === 'run.updated' ? { type: 'updated', run } : { type: 'event', event });
  };

  const reading: RunReading = {
    isDone: false,
    askedMs: 0,
    call: () => {
      if (rereads) return { headers: {}, query: { from: 'start' } };
      const cursor = place()?.text;
      return { headers: cursor === undefined ? {} : { 'Last-Event-ID': cursor }, query: {} };
    },
    take: ({ event, id, data }, out) => {
      if (event === 'id') follow(id);
      else if (event === 'snapshot') return snapshot(parsed<RunSnapshotFrame>(data), id, out);
      else if (event === 'message') message(parsed<RunMessage>(data), id, out);
      else if (event === 'closing') reading.askedMs = bounded(parsed<ClosingFrame>(data).retryMs);
      else if (event === 'done') {
        reading.isDone = true;
        out.push({ type: 'done', ...parsed<RunDoneFrame>(data) });
      }
      return true;
    },
  };
  return reading;
}

/** What can't be read breaks the connection: left out, a line would be missing. */
function parsed<Value>(data: string | null): Value {
  try {
    return JSON.parse(data ?? '') as Value;
  } catch (cause) {
    throw new RequestError('unavailable', 'A block of the stream was not as Belfry writes it.', 0, { cause });
  }
}
