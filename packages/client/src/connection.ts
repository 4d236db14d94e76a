import { BelfryError } from '@belfry/protocol';
import { type FrameHandlers, readFrames } from './frames.ts';
import { errorOf, RequestError, unreachable } from './request-error.ts';
import type { Call, Requester } from './requester.ts';

/** How a connection came to its end, in the words of the state machine. */
export interface End {
  event: 'ended' | 'failed' | 'unauthorized' | 'refused';
  error: BelfryError | null;
}

export interface ConnectionHandlers extends FrameHandlers {
  /** What the request carries, so that this token and no fresher one is forgotten when it was refused. */
  onToken(token: string | null): void;
  onEnd(end: End): void;
}

/** Asks for a stream and reads it to its end. Calls nothing more once it is aborted. */
export function openConnection(
  requester: Requester,
  call: Call,
  maxFrameLength: number,
  handlers: ConnectionHandlers,
): { abort(): void } {
  const controller = new AbortController();
  const { signal } = controller;
  const end = (finish: End): void => {
    if (!signal.aborted) handlers.onEnd(finish);
  };
  run(requester, { ...call, signal }, maxFrameLength, guarded(handlers, signal)).then(end);
  return { abort: () => controller.abort() };
}

/** What is left of a piece of the body when a frame in it led to the abort must not be heard. */
function guarded(handlers: ConnectionHandlers, signal: AbortSignal): Omit<ConnectionHandlers, 'onEnd'> {
  return {
    onFrame: (frame) => signal.aborted || handlers.onFrame(frame),
    onRetry: (ms) => signal.aborted || handlers.onRetry(ms),
    onBytes: () => signal.aborted || handlers.onBytes(),
    onToken: (token) => signal.aborted || handlers.onToken(token),
  };
}

async function run(
  requester: Requester,
  call: Call,
  maxLength: number,
  handlers: Omit<ConnectionHandlers, 'onEnd'>,
): Promise<End> {
  try {
    const token = await requester.tokens.get();
    handlers.onToken(token);
    const response = await requester.send('/v1/stream', call, token);
    if (!isStream(response)) return judge(await refusalOf(response), requester.tokens.renewable);
    await readFrames(response.body, maxLength, handlers);
    return { event: 'ended', error: null };
  } catch (cause) {
    return failed(cause instanceof BelfryError ? cause : unreachable(requester.address, cause));
  }
}

/** A path where no page is: no time will mend that. */
function failed(error: BelfryError): End {
  return { event: error.code === 'invalid' ? 'refused' : 'failed', error };
}

function isStream(response: Response): response is Response & { body: ReadableStream<Uint8Array> } {
  const type = response.headers.get('content-type') ?? '';
  return response.status === 200 && response.body !== null && type.startsWith('text/event-stream');
}

async function refusalOf(response: Response): Promise<RequestError> {
  if (!response.ok) return errorOf(response);
  response.body?.cancel().catch(() => {});
  const type = response.headers.get('content-type') ?? 'nothing';
  return new RequestError('invalid', `The address answered with ${type}, not an event stream. Check the url.`, 200);
}

function judge(error: RequestError, renewable: boolean): End {
  if (error.status === 401) return { event: renewable ? 'unauthorized' : 'failed', error };
  return { event: error.passing ? 'failed' : 'refused', error };
}
