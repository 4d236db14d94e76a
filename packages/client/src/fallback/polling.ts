import type { PollAnswer } from '@belfry/protocol';
import { endOf } from '../connection.ts';
import type { Environment } from '../environment.ts';
import { pause } from '../pause.ts';
import { RequestError, requestErrorOf } from '../request-error.ts';
import type { Requester } from '../requester.ts';
import { type StreamOptions, streamQuery } from '../stream-options.ts';
import { unless } from '../unless.ts';
import type { Connect, From } from '../ways.ts';
import { framesOf, isPollAnswer } from './poll-frames.ts';
import { createProbe } from './probe.ts';

const WAIT_S = 25;
/** What an answer may take beyond what it was asked to wait. */
const GRACE_MS = 15_000;
/** An answer with so many events is not all there is. */
const FULL = 500;
/** In a busy time answers come at once: a few a second carry as much as one for each event. */
const LEAST_MS = 250;
/** An answer that came early and with nothing: a process that leaves says so, and its next may not be there yet. */
const EMPTY_MS = 1_000;

/** The way by long polls, which pass wherever a page does. Says `handover` once streams work again. */
export function polling(options: StreamOptions, requester: Requester, environment: Environment): Connect {
  const probe = createProbe(options, requester, environment);

  const ask = async ({ cursor, access }: From, waitS: number, signal: AbortSignal): Promise<PollAnswer> => {
    const place = cursor === null ? {} : { lastEventId: cursor, access: access ?? undefined };
    const answer = await requester.call('/v1/stream', {
      query: { ...streamQuery(options), ...place, wait: String(waitS) },
      signal,
      timeoutMs: GRACE_MS + waitS * 1_000,
    });
    if (isPollAnswer(answer)) return answer;
    throw new RequestError('invalid', 'The answer of a poll was not as Belfry writes it. Check the url.', 200);
  };

  /** How long the server is to be asked no more. */
  const restAfter = (isNew: boolean): number => (isNew ? LEAST_MS : EMPTY_MS * (0.5 + environment.random() / 2));

  return (start, handlers) => {
    const ended = new AbortController();
    const { signal } = ended;
    const { onBytes, onFrame, onEnd } = unless(() => signal.aborted, handlers);

    const run = async (): Promise<void> => {
      let from = start;
      let isFirst = true;
      let caughtUp = false;
      while (!signal.aborted) {
        const began = environment.steady();
        const answer = await ask(from, caughtUp ? WAIT_S : 0, signal);
        const { cursor, access, events } = answer;
        const bringsAll = events.length < FULL;
        // The time for the next answer begins now, and depends on how long that is asked to wait.
        connection.patienceMs = GRACE_MS + (bringsAll ? WAIT_S * 1_000 : 0);
        onBytes();
        for (const frame of framesOf(answer, isFirst, bringsAll, caughtUp)) onFrame(frame);
        isFirst = false;
        const waited = bringsAll && caughtUp;
        const rest = waited ? restAfter(cursor !== from.cursor) - (environment.steady() - began) : 0;
        caughtUp ||= bringsAll;
        from = { cursor, access };
        if (rest > 0) await pause(rest, environment, signal);
      }
    };

    const connection = {
      patienceMs: GRACE_MS,
      abort: () => {
        ended.abort();
        probe.stop();
      },
    };
    probe.begin(() => onEnd({ event: 'handover', error: null }));
    run().catch((cause) => onEnd(endOf(requestErrorOf(cause), requester.tokens.renewable)));
    return connection;
  };
}
