import type { OpenStream, RunStreamRequest, Sink, StreamRequest } from '@belfry/hub';
import { type ClosingReason, encodeSse } from '@belfry/protocol';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Services } from '../http/route.ts';
import { codingFor } from './compression.ts';
import { startNodeStream } from './node-sink.ts';
import { WebSink } from './web-sink.ts';

/** No Connection header: HTTP/2 forbids it. `no-transform` and X-Accel-Buffering keep proxies from holding it back. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

type Streaming = Pick<Services, 'hub' | 'compression'>;

/** Opens a stream as the answer of this request: on Node's own response where there is one, else as a web stream. */
export function streamResponse(c: Context, services: Streaming, request: StreamRequest, onGone: () => void): Response {
  return respond(c, services, (sink, gone) => services.hub.open(request, sink, gone), onGone);
}

/** The same of a run's. */
export function runStreamResponse(
  c: Context,
  services: Streaming,
  request: RunStreamRequest,
  onGone: () => void,
): Response {
  return respond(c, services, (sink, gone) => services.hub.openRun(request, sink, gone), onGone);
}

type Open = (sink: Sink, onGone: () => void) => OpenStream;

function respond(c: Context, { compression }: Streaming, open: Open, onGone: () => void): Response {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  const coding = codingFor(compression, c.req.header('accept-encoding'));
  const headers = headersOf(c, coding.headers);
  if (outgoing === undefined || !('useChunkedEncodingByDefault' in outgoing)) {
    return webStream(c, headers, (sink, gone) => open(coding.over(sink), gone), onGone);
  }
  const stream = open(coding.over(startNodeStream(outgoing, headers)), onGone);
  outgoing.on('close', () => stream.gone());
  // The peer may have gone while the request was being authenticated; then `close` has been and won't be again.
  if (outgoing.destroyed || outgoing.closed) stream.gone();
  return alreadySent();
}

let sent: Response | undefined;

/** Tells the framework's Node server to leave the answer alone. Its own one would load all of `fetch` at the start. */
function alreadySent(): Response {
  sent ??= new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  return sent;
}

function webStream(c: Context, headers: Record<string, string>, open: Open, onGone: () => void): Response {
  const { signal } = c.req.raw;
  let gone = () => {};
  const sink = new WebSink(() => gone());
  const abort = () => sink.destroy();
  const stream = open(sink, () => {
    signal.removeEventListener('abort', abort);
    onGone();
  });
  gone = () => stream.gone();
  signal.addEventListener('abort', abort);
  // A signal that has been aborted tells nobody any more.
  if (signal.aborted) abort();
  return new Response(sink.body, { headers });
}

/** What HEAD gets. */
export function streamHead(c: Context, { compression }: Streaming): Response {
  return new Response(null, { headers: headersOf(c, codingFor(compression, c.req.header('accept-encoding')).headers) });
}

/** A stream that can't start: it says so and ends. A native EventSource would give up for good on a 503. */
export function closedStream(c: Context, reason: ClosingReason): Response {
  const retryMs = Math.round(1_000 + Math.random() * 4_000);
  const text = encodeSse({ retry: retryMs, event: 'closing', data: JSON.stringify({ reason, retryMs }) });
  return new Response(text, { headers: headersOf(c) });
}

function headersOf(c: Context, more: Record<string, string> = {}): Record<string, string> {
  const headers: Record<string, string> = { ...HEADERS, ...more };
  // Written past the framework, so what its middleware has set is taken along.
  c.res.headers.forEach((value, name) => {
    if (name === 'vary' && headers.vary !== undefined) headers.vary += `, ${value}`;
    else if (name !== 'content-type') headers[name] = value;
  });
  return headers;
}
