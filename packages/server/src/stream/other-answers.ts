import { type ClosingReason, encodeSse } from '@belfry/protocol';
import type { Services } from '../http/route.ts';
import { codingFor } from './compression.ts';
import type { StreamCall } from './stream-call.ts';
import { STREAM_HEADERS } from './stream-headers.ts';

/** What HEAD gets. */
export function streamHead<Answer>(call: StreamCall<Answer>, { compression }: Pick<Services, 'compression'>): Answer {
  const coding = codingFor(compression, call.headers.get('accept-encoding') ?? undefined);
  return call.reply({ status: 200, headers: { ...STREAM_HEADERS, ...coding.headers }, body: null });
}

/** A stream that can't start: it says so and ends. A native EventSource would give up for good on a 503. */
export function closedStream<Answer>(call: StreamCall<Answer>, reason: ClosingReason): Answer {
  const retryMs = Math.round(1_000 + Math.random() * 4_000);
  const body = encodeSse({ retry: retryMs, event: 'closing', data: JSON.stringify({ reason, retryMs }) });
  return call.reply({ status: 200, headers: { ...STREAM_HEADERS }, body });
}
