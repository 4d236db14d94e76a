import { createReading, followRun, type RunEvent } from '@belfry/client/transport';
import type { Api } from '../api.ts';
import type { CallOptions } from '../options.ts';

export type { RunEvent } from '@belfry/client/transport';

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
  { signal: given, fromStart = false }: FollowOptions = {},
): AsyncGenerator<RunEvent, void, void> {
  const signal = api.until(given);
  const pause = (ms: number): Promise<void> => api.pause(ms, signal);
  const reading = createReading(fromStart, 'reread');
  for await (const events of followRun(api, id, { signal, reading, pause })) yield* events;
}
