import { reconnectMs } from '../backoff.ts';
import { RequestError } from '../request-error.ts';
import { framesOf, type Line } from './frames.ts';
import { pathOf } from './path.ts';
import type { RunEvent, RunReading } from './reading.ts';

const RETRY_MS = 1_000;

export interface FollowRun {
  signal: AbortSignal;
  /** How far it has come; following it again with the same one goes on there. */
  reading: RunReading;
  /** Waits before another connection. Throws the reason of `signal` once it aborts. */
  pause: (ms: number) => Promise<void>;
  /** True: a connection brings frames. False: it has ended, perhaps by an error, and another one will be tried. */
  onLive?: (live: boolean, error: RequestError | null) => void;
}

/**
 * A run as it goes, until it is done: each line once and in order, through lost connections and restarts, for which it
 * has no end of patience.
 *
 * @throws RequestError where the run is not there, or the principal may not see it; the signal's reason once it aborts.
 */
export async function* followRun(
  line: Line,
  id: string,
  { signal, reading, pause, onLive }: FollowRun,
): AsyncGenerator<RunEvent[], void, void> {
  for (let attempt = 0; ; attempt += 1) {
    let again = false;
    let broke: RequestError | null = null;
    try {
      for await (const frame of framesOf(line, `${pathOf(id)}/stream`, reading.call(), signal)) {
        if (frame === null) return;
        attempt = 0;
        onLive?.(true, null);
        const events: RunEvent[] = [];
        again = !reading.take(frame, events);
        yield events;
        if (reading.isDone) return;
        if (again) break;
      }
    } catch (error) {
      if (!(error instanceof RequestError) || !error.passing) throw error;
      broke = error;
    }
    onLive?.(false, broke);
    if (!again) await pause(Math.max(reading.askedMs, reconnectMs(attempt, RETRY_MS, line.environment.random)));
    reading.askedMs = 0;
  }
}
