import type { OpenStream, Sink } from '@belfry/hub';
import type { Reply } from '../http/reply.ts';
import type { RequestHead } from '../http/request.ts';

/** Starts a stream into a sink. `onGone` is called when it has ended, however it did. */
export type Open = (sink: Sink, onGone: () => void) => OpenStream;

/** A request for a stream as its route sees it, whichever door it came in by. `Answer` is what that door wants back. */
export interface StreamCall<Answer> extends RequestHead {
  /** By name, the first value of each. */
  query(): Record<string, string>;
  /** The run in the address; empty where there is none. */
  readonly run: string;
  /** Aborted when the client has gone before its answer. */
  readonly signal: AbortSignal;
  /** Answers with a stream. `onGone`: as in `Open`. */
  stream(open: Open, onGone: () => void): Answer;
  /** Answers with anything else. */
  reply(reply: Omit<Reply, 'headers'> & { headers?: Record<string, string> }): Answer;
}

/** The header wins: a native EventSource keeps its first URL and sends the header when it comes back. */
export function lastEventId(call: Pick<StreamCall<unknown>, 'headers' | 'query'>): string | null {
  return call.headers.get('last-event-id') || call.query().lastEventId || null;
}
