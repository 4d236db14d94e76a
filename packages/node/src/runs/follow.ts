import { RequestError, reconnectMs } from '@belfry/client/transport';
import type { Api } from '../api.ts';
import type { CallOptions } from '../options.ts';
import { framesOf } from './frames.ts';
import { type RunEvent, RunReading } from './reading.ts';

export type { RunEvent } from './reading.ts';

const RETRY_MS = 1_000;

export interface FollowOptions extends CallOptions {
  /** All that is kept of its log, instead of the newest 1,000 lines and what follows. */
  fromStart?: boolean;
}

/**
 * A run as it goes, until it is done: each line once and in order, through lost connections and restarts, for which it
 * has no end of patience. Leave the loop, or abort the signal, to stop.
 *
 * @throws RequestError where the run is not there, or the key may not see it; the signal's reason once it aborts.
 */
export async function* follow(
  api: Api,
  id: string,
  { signal, fromStart = false }: FollowOptions = {},
): AsyncGenerator<RunEvent, void, void> {
  const path = `/v1/runs/${encodeURIComponent(id)}/stream`;
  const until = api.until(signal);
  const reading = new RunReading(fromStart);
  for (let attempt = 0; ; attempt += 1) {
    let again = false;
    try {
      for await (const frame of framesOf(api, path, reading.call, until)) {
        if (frame === null) return;
        attempt = 0;
        const events: RunEvent[] = [];
        again = !reading.take(frame, events);
        yield* events;
        if (reading.isDone) return;
        if (again) break;
      }
    } catch (error) {
      if (!(error instanceof RequestError) || !error.passing) throw error;
    }
    if (!again)
      await api.pause(Math.max(reading.askedMs, reconnectMs(attempt, RETRY_MS, api.environment.random)), until);
    reading.askedMs = 0;
  }
}
