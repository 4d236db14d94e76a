import type { PollAnswer } from '@belfry/protocol';
import { endOf } from '../connection.ts';
import type { Environment } from '../environment.ts';
import { RequestError, requestErrorOf } from '../request-error.ts';
import type { Requester } from '../requester.ts';
import { type StreamOptions, streamQuery } from '../stream-options.ts';
import type { Connect, Connection, ConnectionHandlers, From } from '../ways.ts';
import { framesOf, isPollAnswer } from './poll-frames.ts';
import { Probe } from './probe.ts';

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
  const probe = new Probe(options, requester, environment);
  return (from, handlers) => new Polling(options, requester, environment, from, handlers, probe);
}

class Polling implements Connection {
  patienceMs = GRACE_MS;
  readonly #options: StreamOptions;
  readonly #requester: Requester;
  readonly #environment: Environment;
  readonly #handlers: ConnectionHandlers;
  readonly #probe: Probe;
  readonly #ended = new AbortController();
  #from: From;

  constructor(
    options: StreamOptions,
    requester: Requester,
    environment: Environment,
    from: From,
    handlers: ConnectionHandlers,
    probe: Probe,
  ) {
    this.#options = options;
    this.#requester = requester;
    this.#environment = environment;
    this.#from = from;
    this.#handlers = handlers;
    this.#probe = probe;
    probe.begin(() => this.#end({ event: 'handover', error: null }));
    this.#run().catch((cause) => this.#end(endOf(requestErrorOf(cause), requester.tokens.renewable)));
  }

  abort(): void {
    this.#ended.abort();
    this.#probe.stop();
  }

  #end(end: Parameters<ConnectionHandlers['onEnd']>[0]): void {
    if (!this.#ended.signal.aborted) this.#handlers.onEnd(end);
  }

  async #run(): Promise<void> {
    let isFirst = true;
    let caughtUp = false;
    while (!this.#ended.signal.aborted) {
      const began = this.#environment.steady();
      const answer = await this.#ask(caughtUp ? WAIT_S : 0);
      if (this.#ended.signal.aborted) return;
      const bringsAll = answer.events.length < FULL;
      // The time for the next answer begins now, and depends on how long that is asked to wait.
      this.patienceMs = GRACE_MS + (bringsAll ? WAIT_S * 1_000 : 0);
      this.#handlers.onBytes();
      this.#handOver(answer, isFirst, bringsAll, caughtUp);
      isFirst = false;
      const rest = this.#restAfter(answer, bringsAll && caughtUp, this.#environment.steady() - began);
      caughtUp ||= bringsAll;
      this.#from = { cursor: answer.cursor, access: answer.access };
      if (rest > 0) await this.#pause(rest);
    }
  }

  #handOver(answer: PollAnswer, isFirst: boolean, bringsAll: boolean, caughtUp: boolean): void {
    for (const frame of framesOf(answer, isFirst, bringsAll, caughtUp)) {
      if (this.#ended.signal.aborted) return;
      this.#handlers.onFrame(frame);
    }
  }

  /** How long to let the server be before it is asked again. */
  #restAfter(answer: PollAnswer, waited: boolean, tookMs: number): number {
    if (!waited) return 0;
    const least = answer.cursor === this.#from.cursor ? EMPTY_MS * (0.5 + this.#environment.random() / 2) : LEAST_MS;
    return least - tookMs;
  }

  async #ask(waitS: number): Promise<PollAnswer> {
    const { cursor, access } = this.#from;
    const place = cursor === null ? {} : { lastEventId: cursor, access: access ?? undefined };
    const answer = await this.#requester.call('/v1/stream', {
      query: { ...streamQuery(this.#options), ...place, wait: String(waitS) },
      signal: this.#ended.signal,
      timeoutMs: GRACE_MS + waitS * 1_000,
    });
    if (!isPollAnswer(answer)) {
      throw new RequestError('invalid', 'The answer of a poll was not as Belfry writes it. Check the url.', 200);
    }
    return answer;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#environment.setTimer(resolve, ms);
      this.#ended.signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }
}
