import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { responseOf } from '../http/reply.ts';
import type { Services } from '../http/route.ts';
import { codingFor } from './compression.ts';
import { startNodeStream } from './node-sink.ts';
import type { Open, StreamCall } from './stream-call.ts';
import { streamHeaders } from './stream-headers.ts';
import { WebSink } from './web-sink.ts';

/** A request for a stream that came in by the framework. */
export function honoStreamCall(c: Context, services: Pick<Services, 'compression'>): StreamCall<Response> {
  const { method, headers } = c.req.raw;
  return {
    method,
    headers,
    query: () => c.req.query(),
    run: c.req.param('id') ?? '',
    get signal() {
      return c.req.raw.signal;
    },
    stream: (open, onGone) => respond(c, services, open, onGone),
    reply: ({ status, headers: own = {}, body }) => responseOf({ status, headers: own, body }),
  };
}

/** On Node's own response where there is one, else as a web stream. */
function respond(c: Context, { compression }: Pick<Services, 'compression'>, open: Open, onGone: () => void): Response {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  const coding = codingFor(compression, c.req.header('accept-encoding'));
  // Written past the framework, so what its middleware has set is taken along.
  const headers = streamHeaders(coding.headers, c.res.headers);
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
