import type { Environment } from '../environment.ts';
import { type Frame, frameParser } from '../frame-parser.ts';
import { textOf } from '../frames.ts';
import { onAbort } from '../pause.ts';
import { RequestError, unreachable } from '../request-error.ts';
import type { Requester } from '../requester.ts';
import type { Call } from '../sender.ts';
import { streamOf } from '../stream-body.ts';

/** The server says something every 5 seconds, or as often as it is set up to. Silent for this long it is gone. */
const SILENCE_MS = 60_000;

/** The longest block that is read, in characters: a snapshot's lines are at most 4 MB. */
const MAX_FRAME = 16_777_216;

/** Whom to ask, and by which clock to wait. */
export interface Line {
  readonly requester: Requester;
  readonly environment: Environment;
}

/**
 * One connection to a stream, read as fast as its frames are taken. It ends where the server ends it; null stands for
 * a stream that is over for whoever comes back (204).
 *
 * @throws RequestError where it was refused or broke; the reason of `signal` once that aborts.
 */
export async function* framesOf(
  { requester, environment }: Line,
  path: string,
  call: Call,
  signal: AbortSignal,
): AsyncGenerator<Frame | null> {
  const connection = new AbortController();
  const off = onAbort(signal, () => connection.abort(signal.reason));
  const within = <Result>(work: Promise<Result>): Promise<Result> => inTime(environment, work, connection);
  try {
    signal.throwIfAborted();
    const headers = { Accept: 'text/event-stream', ...call.headers };
    const response = await within(requester.sendSignedIn(path, { ...call, headers, signal: connection.signal }));
    if (response.status === 204) return yield null;
    const frames: Frame[] = [];
    const parse = frameParser(MAX_FRAME, { onFrame: (frame) => frames.push(frame), onRetry: () => {} });
    for await (const text of textOf(await streamOf(response), within)) {
      parse(text);
      yield* frames.splice(0);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RequestError ? error : unreachable(requester.address, error);
  } finally {
    off();
    connection.abort();
  }
}

async function inTime<Result>(
  environment: Environment,
  work: Promise<Result>,
  connection: AbortController,
): Promise<Result> {
  const cancel = environment.setTimer(() => connection.abort(new Error('nothing came for a minute')), SILENCE_MS);
  try {
    return await work;
  } finally {
    cancel();
  }
}
