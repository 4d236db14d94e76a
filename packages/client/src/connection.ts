import { readFrames } from './frames.ts';
import { errorOf, RequestError, unreachable } from './request-error.ts';
import type { Call, Requester } from './requester.ts';
import { type StreamOptions, streamQuery } from './stream-options.ts';
import type { Connect, Connection, ConnectionHandlers, End } from './ways.ts';

const DEFAULT_MAX_FRAME = 16_777_216;

/** The way by a stream. */
export function streaming(options: StreamOptions, requester: Requester): Connect {
  const maxLength = options.maxFrameLength ?? DEFAULT_MAX_FRAME;
  return ({ cursor, access }, handlers) => {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (cursor !== null) headers['Last-Event-ID'] = cursor;
    const query = { ...streamQuery(options), access: (cursor !== null && access) || undefined };
    return openConnection(requester, '/v1/stream', { headers, query }, maxLength, handlers);
  };
}

/** Asks for a stream and reads it to its end. Calls nothing more once it is aborted. */
function openConnection(
  requester: Requester,
  path: string,
  call: Call,
  maxLength: number,
  handlers: ConnectionHandlers,
): Connection {
  const controller = new AbortController();
  const { signal } = controller;
  run(requester, path, { ...call, signal }, maxLength, guarded(handlers, signal)).then((end) => {
    if (!signal.aborted) handlers.onEnd(end);
  });
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
  path: string,
  call: Call,
  maxLength: number,
  handlers: Omit<ConnectionHandlers, 'onEnd'>,
): Promise<End> {
  try {
    const token = await requester.tokens.get();
    handlers.onToken(token);
    const response = await requester.send(path, call, token);
    if (!isStream(response)) return endOf(await refusalOf(response), requester.tokens.renewable);
    await readFrames(response.body, maxLength, handlers);
    return { event: 'ended', error: null };
  } catch (cause) {
    const error = cause instanceof RequestError ? cause : unreachable(requester.address, cause);
    return endOf(error, requester.tokens.renewable);
  }
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

/** What a failure means for the machine. A path where no page is, for one: no time will mend that. */
export function endOf(error: RequestError, renewable: boolean): End {
  if (error.status === 401) return { event: renewable ? 'unauthorized' : 'failed', error };
  return { event: error.passing ? 'failed' : 'refused', error };
}
