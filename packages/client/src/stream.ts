import { streaming } from './connection.ts';
import { createSender } from './sender.ts';
import type { Status } from './status.ts';
import type { Readable } from './store.ts';
import { streamEnvironment } from './stream-environment.ts';
import type { StreamOptions } from './stream-options.ts';
import { createRunner } from './stream-runner.ts';

export interface Stream {
  readonly status: Readable<Status>;
  /** The last position handed over; null before there is one. */
  readonly cursor: string | null;
  /** Goes with `cursor`. */
  readonly access: string | null;
  /** Connects, and keeps connecting until `stop`. While it backs off: tries at once. */
  start(): void;
  /** Ends the connection and every timer. It can be started again and resumes. */
  stop(): void;
}

/**
 * A stream that resumes by itself and hands over each event once, in order. It starts with `start()`.
 *
 * @throws BelfryError `invalid` for a `url` that can't be one.
 */
export function openStream(options: StreamOptions): Stream {
  const { fetch, environment: given } = options;
  const environment = streamEnvironment(fetch === undefined ? given : { ...given, fetch });
  const sender = createSender(options, environment);
  const { status, from, start, stop } = createRunner(options, environment, sender, {
    stream: streaming(options, sender),
  });
  return {
    status,
    start,
    stop,
    get cursor() {
      return from().cursor;
    },
    get access() {
      return from().access;
    },
  };
}
